import RawGadget
import Simulation
import Text
import Usercopy
import USB

/// Writes gadget actions as the reader takes them back.
enum GadgetWriter {
  typealias Pairs = [(String, String)]

  static func hex(_ bytes: [UInt8]) -> String {
    "\"" + bytes.map { $0.hex(width: 2) }.joined(separator: " ") + "\""
  }

  static func ioctl(_ call: Action.Ioctl) -> Pairs {
    var pairs: Pairs = [("request", call.request.shortName)]
    if call.file != "dev" { pairs.append(("file", ScenarioWriter.scalar(call.file))) }
    if call.thread != "main" { pairs.append(("thread", ScenarioWriter.scalar(call.thread))) }
    switch call.argument {
    case .none: break
    case .names(let driver, let device, let speed):
      pairs.append(("driver", ScenarioWriter.scalar(driver)))
      pairs.append(("device", ScenarioWriter.scalar(device)))
      pairs.append(("speed", String(speed)))
    case .room(let length): pairs.append(("length", String(length)))
    case .data(let endpoint, let flags, let bytes, let length):
      pairs += transfer(endpoint, flags)
      let content = bytes.prefix((bytes.lastIndex { $0 != 0 } ?? -1) + 1)
      let isCut = bytes.count - content.count > 64
      if length == nil || !bytes.isEmpty {
        pairs.append(("data", hex(isCut ? Array(content) : bytes)))
      }
      if let length = length ?? (isCut ? UInt32(bytes.count) : nil) {
        pairs.append(("length", String(length)))
      }
    case .read(let endpoint, let flags, let length):
      pairs += transfer(endpoint, flags)
      pairs.append(("length", String(length)))
    case .descriptor(let bytes): pairs.append(("descriptor", hex(bytes)))
    case .value(let value): pairs.append(("value", String(value)))
    }
    if let count = call.reach.readable { pairs.append(("readable", String(count))) }
    if let count = call.reach.writable { pairs.append(("writable", String(count))) }
    if call.pointer != .good { pairs.append(("pointer", call.pointer.rawValue)) }
    if !call.waits { pairs.append(("waits", "false")) }
    return pairs
  }

  private static func transfer(_ endpoint: UInt16, _ flags: UInt16) -> Pairs {
    var pairs: Pairs = []
    if endpoint != 0 { pairs.append(("ep", String(endpoint))) }
    if flags != 0 { pairs.append(("flags", String(flags))) }
    return pairs
  }

  /// The step's word and its fields.
  static func gadgetfs(_ step: Action.GadgetFS) -> (String, Pairs) {
    var pairs: Pairs = []
    let word: String
    switch step.call {
    case .configure(let device, let configuration, let highSpeed):
      word = "gadgetfs"
      pairs = [("device", hex(device)), ("configuration", hex(configuration))]
      if let highSpeed { pairs.append(("high-speed", hex(highSpeed))) }
    case .read(let length):
      word = "gadgetfs-read"
      if length != GadgetFSEvent.size { pairs.append(("length", String(length))) }
    case .write(let bytes):
      word = "gadgetfs-write"
      pairs = [("data", hex(bytes))]
    case .stall: word = "gadgetfs-stall"
    }
    if step.thread != "main" { pairs.append(("thread", ScenarioWriter.scalar(step.thread))) }
    if !step.waits { pairs.append(("waits", "false")) }
    return (word, pairs)
  }

  static func host(_ call: Action.HostCall) -> Pairs {
    var pairs: Pairs = [(call.action.name, action(call.action))]
    if call.thread != "host" { pairs.append(("thread", ScenarioWriter.scalar(call.thread))) }
    if !call.waits { pairs.append(("waits", "false")) }
    return pairs
  }

  private static func action(_ action: HostAction) -> String {
    switch action {
    case .open, .close, .reset: "{}"
    case .claim(let number), .release(let number), .detach(let number),
      .setConfiguration(let number), .reap(let number):
      String(number)
    case .clearHalt(let endpoint), .resetEndpoint(let endpoint): "0x" + endpoint.hex(width: 2)
    case .discard(let tag): ScenarioWriter.scalar(tag)
    case .control(let setup, let data, let timeout): control(setup, data, timeout)
    case .bulk(let endpoint, let data, let length, let timeout):
      ScenarioWriter.flow([
        ("endpoint", "0x" + endpoint.hex(width: 2)), ("data", hex(data)),
        ("length", String(length)), ("timeout", String(timeout)),
      ])
    case .submit(let tag, let type, let endpoint, let flags, let data, let length):
      ScenarioWriter.flow([
        ("as", ScenarioWriter.scalar(tag)), ("type", type == .bulk ? "bulk" : "interrupt"),
        ("endpoint", "0x" + endpoint.hex(width: 2)), ("flags", String(flags)),
        ("data", hex(data)), ("length", String(length)),
      ])
    case .setInterface(let interface, let alternate):
      ScenarioWriter.flow([
        ("interface", String(interface)), ("alternate", String(alternate)),
      ])
    case .sysfsWrite(let file, let value):
      ScenarioWriter.flow([
        ("file", ScenarioWriter.scalar(file)), ("value", ScenarioWriter.scalar(value)),
      ])
    }
  }

  private static func control(_ setup: SetupPacket, _ data: [UInt8], _ timeout: Int) -> String {
    var pairs: Pairs = [
      ("type", "0x" + setup.bmRequestType.hex(width: 2)), ("request", String(setup.bRequest)),
      ("value", "0x" + setup.wValue.hex(width: 4)), ("index", String(setup.wIndex)),
      ("length", String(setup.wLength)),
    ]
    if !data.isEmpty { pairs.append(("data", hex(data))) }
    pairs.append(("timeout", String(timeout)))
    return ScenarioWriter.flow(pairs)
  }
}
