import RawGadget
import Simulation
import Text
import USB

/// The `:` line's forms for the raw-gadget machine; keys are named as in scenario files.
enum GadgetLine {
  /// Keys every call takes.
  static let commonKeys = ["value", "file", "thread", "pointer", "waits"]

  /// The names of the calls.
  static let requests = RawIoctl.allCases.map(\.shortName)

  /// The call of that name, with or without `USB_RAW_IOCTL_`, in any case.
  static func request(named name: String) -> RawIoctl? {
    RawIoctl.named(name.uppercased())
  }

  /// The keys a call's argument takes.
  static func keys(of request: RawIoctl) -> [String] {
    switch request.layout {
    case .names: ["driver", "device", "speed"]
    case .event: ["length"]
    case .sent: ["ep", "flags", "data", "text", "length"]
    case .received: ["ep", "flags", "length"]
    case .descriptor: ["address", "attributes", "max-packet", "interval", "descriptor"]
    case .nothing, .number, .endpoints: []
    }
  }

  /// `open [NAME] [nonblocking]`.
  static func open(_ words: [String]) throws(CommandLineError) -> Action {
    var rest = Array(words.dropFirst())
    let nonblocking = rest.last == "nonblocking"
    if nonblocking { rest.removeLast() }
    guard rest.count <= 1 else {
      throw CommandLineError(
        description: "'\(rest[1])' is too much: open NAME [nonblocking]")
    }
    return .open(file: rest.first ?? "dev", nonblocking: nonblocking)
  }

  /// `ioctl REQUEST key=value …`.
  static func ioctl(_ words: [String]) throws(CommandLineError) -> Action {
    guard words.count > 1 else {
      throw CommandLineError(description: "something is missing: ioctl REQUEST key=value…")
    }
    guard let request = request(named: words[1]) else {
      throw CommandLineError(
        description: "there is no call '\(words[1])'"
          + LineFields.known(words[1].uppercased(), requests))
    }
    let fields = try LineFields(
      words.dropFirst(2), subject: "ioctl \(request.shortName)",
      keys: keys(of: request) + commonKeys)
    var pointer = Action.Ioctl.Pointer.good
    if let text = fields.text("pointer") {
      guard let known = Action.Ioctl.Pointer(rawValue: text) else {
        throw CommandLineError(
          description: "'\(text)' is no kind of pointer"
            + LineFields.known(text, Action.Ioctl.Pointer.allCases.map(\.rawValue)))
      }
      pointer = known
    }
    return .ioctl(
      Action.Ioctl(
        request: request, file: fields.text("file") ?? "dev",
        thread: fields.text("thread") ?? "main", argument: try argument(request, fields),
        pointer: pointer, waits: try fields.flag("waits", default: true)))
  }

  private static func argument(_ request: RawIoctl, _ fields: LineFields)
    throws(CommandLineError) -> Action.Ioctl.Argument
  {
    if let value: UInt64 = try fields.number("value") { return .value(value) }
    switch request.layout {
    case .names:
      return .names(
        driver: fields.text("driver") ?? "dummy_udc",
        device: fields.text("device") ?? "dummy_udc.0", speed: try speed(fields))
    case .event: return .room(try fields.number("length") ?? 64)
    case .sent:
      let bytes = try fields.bytes() ?? []
      return .data(
        endpoint: try fields.number("ep") ?? 0, flags: try fields.number("flags") ?? 0, bytes,
        padded: try fields.number("length") ?? UInt32(clamping: bytes.count))
    case .received:
      return .read(
        endpoint: try fields.number("ep") ?? 0, flags: try fields.number("flags") ?? 0,
        length: try fields.number("length") ?? 0)
    case .descriptor: return .descriptor(try descriptor(fields))
    case .nothing, .number, .endpoints: return .none
    }
  }

  /// The speeds' names and numbers (`enum usb_device_speed`).
  static let speeds: [(name: String, number: UInt8)] = [
    ("low", 1), ("full", 2), ("high", 3), ("super", 5),
  ]

  private static func speed(_ fields: LineFields) throws(CommandLineError) -> UInt8 {
    guard let text = fields.text("speed") else { return 3 }
    if let known = speeds.first(where: { $0.name == text }) { return known.number }
    guard let number: UInt8 = try? LineFields.number(text, 0...255, named: "speed=") else {
      throw CommandLineError(
        description: "'\(text)' is no speed: low, full, high, super or a number to 255")
    }
    return number
  }

  private static func descriptor(_ fields: LineFields) throws(CommandLineError) -> [UInt8] {
    if let bytes = try fields.hex("descriptor") { return bytes }
    let packet: UInt16 = try fields.number("max-packet") ?? 0
    return [
      7, 5, try fields.number("address") ?? 0, try fields.number("attributes") ?? 2,
      UInt8(packet & 0xff), UInt8(packet >> 8), try fields.number("interval") ?? 0, 0, 0,
    ]
  }

  /// `signal THREAD [restart]`.
  static func signal(_ words: [String]) throws(CommandLineError) -> Action {
    let form = "signal THREAD [restart]"
    guard words.count > 1 else {
      throw CommandLineError(description: "something is missing: \(form)")
    }
    guard words.count == 2 || words[2...] == ["restart"] else {
      throw CommandLineError(description: "'\(words[2])' is too much: \(form)")
    }
    return .signal(thread: words[1], restarts: words.count > 2)
  }

  /// `wait MILLISECONDS`, ten minutes at most.
  static func wait(_ words: [String]) throws(CommandLineError) -> Action {
    let fields = try LineFields(words.dropFirst(), subject: "wait", keys: [], most: 1)
    return .wait(milliseconds: try fields.onlyNumber(0...600_000, "MILLISECONDS"))
  }
}
