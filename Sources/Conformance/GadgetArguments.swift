import UsbHost
import GadgetWorld
import JSON
import RawGadget
import USB

/// Builds the calls of a scenario from their recorded arguments.
enum GadgetArguments {
  /// The `ioctl(2)` of a step, or nil when its request is not known.
  static func ioctl(_ step: JSONValue, descriptor: Int, world: GadgetWorld) -> SystemCall? {
    let arg = step["arg"]
    let name = step["request"]?.string ?? ""
    let request = RawIoctl.named(name)
    let number: UInt32
    if let text = step["number"]?.string, let value = UInt32(text.dropFirst(2), radix: 16) {
      number = value
    } else if let request {
      number = world.number(of: request)
    } else {
      return nil
    }
    let argument: IoctlArgument
    if let value = arg?["value"] {
      argument = .value(value.uint64 ?? UInt64(bitPattern: value.int64 ?? 0))
    } else if let request {
      argument = memory(request, arg ?? .null)
    } else {
      argument = .value(0)
    }
    return .ioctl(descriptor: descriptor, number: number, argument: argument)
  }

  private static func memory(_ request: RawIoctl, _ arg: JSONValue) -> IoctlArgument {
    let bytes = content(request, arg)
    switch arg["pointer"]?.string {
    case "null": return .value(0)
    case "bad": return .memory(.unmapped(0x7fff_dead_0000))
    case "short":
      let header = RawLayout.headerSize
      return .memory(UserMemory(bytes: bytes, readable: header, writable: header))
    case "ro": return .memory(UserMemory(bytes: bytes, writable: 0))
    default: return .memory(UserMemory(bytes: bytes))
    }
  }

  private static func content(_ request: RawIoctl, _ arg: JSONValue) -> [UInt8] {
    switch request.layout {
    case .names:
      return name(arg, "driver_name") + name(arg, "device_name")
        + [UInt8(truncatingIfNeeded: arg["speed"]?.int ?? 0)]
    case .event:
      let length = max(0, arg["length"]?.int ?? 0)
      return little(arg["type"]?.int ?? 0, 4) + little(length, 4)
        + [UInt8](repeating: 0, count: min(length, 65536))
    case .sent:
      return header(arg) + GadgetBytes.payload(arg["data"], length: arg["length"]?.int ?? 0)
        + [UInt8](repeating: 0, count: GadgetBytes.missing(arg))
    case .received:
      let length = max(0, min(arg["length"]?.int ?? 0, 1 << 24))
      return header(arg) + [UInt8](repeating: 0, count: length)
    case .descriptor:
      let bytes = GadgetBytes.parse(arg["descriptor"]?.string ?? "")
      // A seven-byte descriptor is handed over with the padding the call expects.
      let missing = max(0, RawLayout.endpointDescriptorSize - bytes.count)
      return bytes + [UInt8](repeating: 0, count: missing)
    case .endpoints:
      return [UInt8](repeating: 0xaa, count: RawLayout.epsInfoSize)
    case .nothing, .number, .unknown:
      return []
    }
  }

  private static func header(_ arg: JSONValue) -> [UInt8] {
    little(arg["ep"]?.int ?? 0, 2) + little(arg["flags"]?.int ?? 0, 2)
      + little(arg["length"]?.int ?? 0, 4)
  }

  private static func little(_ value: Int, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }

  private static func name(_ arg: JSONValue, _ key: String) -> [UInt8] {
    var bytes = Array((arg[key]?.string ?? "").utf8)
    if let fill = arg[key + "_fill"] {
      let byte = GadgetBytes.parse(fill["byte"]?.string ?? "").first ?? 0
      bytes = [UInt8](repeating: byte, count: max(0, min(fill["count"]?.int ?? 0, 128)))
    }
    let shown = bytes.prefix(RawLayout.nameSize)
    return shown + [UInt8](repeating: 0, count: RawLayout.nameSize - shown.count)
  }

  private static func number(_ value: JSONValue?) -> Int {
    if let int = value?.int { return int }
    guard let text = value?.string else { return 0 }
    return text.hasPrefix("0x") ? Int(text.dropFirst(2), radix: 16) ?? 0 : Int(text) ?? 0
  }

  /// The host action of a step, or nil when it is not known.
  static func hostAction(_ step: JSONValue) -> HostAction? {
    let endpoint = UInt8(truncatingIfNeeded: number(step["ep"]))
    let timeout = number(step["timeout_ms"])
    let length = number(step["length"])
    let value = number(step["value"])
    switch step["action"]?.string {
    case "open": return .open
    case "close": return .close
    case "claim": return .claim(interface: value)
    case "release": return .release(interface: value)
    case "detach": return .detach(interface: value)
    case "bulk":
      return .bulk(
        endpoint: endpoint, data: outData(step, endpoint, length), length: length,
        timeout: timeout)
    case "control": return control(step, timeout: timeout)
    case "submit":
      let type: TransferType = step["type"]?.string == "int" ? .interrupt : .bulk
      return .submit(
        tag: step["urb"]?.string ?? "", type: type, endpoint: endpoint,
        flags: number(step["flags"]), data: outData(step, endpoint, length), length: length)
    case "reap": return .reap(wait: step["timeout_ms"] == nil ? 2000 : timeout)
    case "discard": return .discard(tag: step["urb"]?.string ?? "")
    case "clear_halt": return .clearHalt(endpoint: UInt8(truncatingIfNeeded: value))
    case "resetep": return .resetEndpoint(endpoint: UInt8(truncatingIfNeeded: value))
    case "reset": return .reset
    case "setconfig": return .setConfiguration(value: value)
    case "setif":
      return .setInterface(
        interface: number(step["interface"]), alternate: number(step["alt"]))
    case "sysfs_write":
      return .sysfsWrite(
        file: step["file"]?.string ?? "", value: step["value"]?.string ?? "")
    default: return nil
    }
  }

  private static func outData(_ step: JSONValue, _ endpoint: UInt8, _ length: Int) -> [UInt8] {
    endpoint & 0x80 != 0 ? [] : GadgetBytes.payload(step["data"], length: length)
  }

  private static func control(_ step: JSONValue, timeout: Int) -> HostAction {
    let setup = SetupPacket(
      UInt8(truncatingIfNeeded: number(step["bRequestType"])),
      UInt8(truncatingIfNeeded: number(step["bRequest"])),
      value: UInt16(truncatingIfNeeded: number(step["wValue"])),
      index: UInt16(truncatingIfNeeded: number(step["wIndex"])),
      length: UInt16(truncatingIfNeeded: number(step["wLength"])))
    let data =
      setup.isIn ? [] : GadgetBytes.payload(step["data"], length: Int(setup.wLength))
    return .control(setup: setup, data: data, timeout: timeout)
  }
}
