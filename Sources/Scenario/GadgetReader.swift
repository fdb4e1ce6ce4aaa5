import RawGadget
import Simulation
import Text
import Yams
import USB

/// Reads what scenarios do with the raw-gadget machine.
enum GadgetReader {
  /// `gadget: { driver: linux-6.1, controllers: high }`.
  static func readSetup(_ node: Node, _ file: String, into script: inout Script)
    throws(Diagnostic)
  {
    let fields = try Fields(node, file: file, subject: "gadget", known: Shapes.gadget.names)
    if let name = try fields.string("driver") {
      let known = DriverPolicy.all.map(\.name)
      guard let driver = DriverPolicy.named(name) else {
        throw fields.fail(
          "driver", "unknown driver '\(name)'", Nearest.word(to: name, among: known), known: known)
      }
      script.driver = driver
    }
    if let clamps = try fields.bool("clamps") { script.driver.clampsLengths = clamps }
    if let controllers = try fields.choice("controllers", of: GadgetWorld.Controllers.self) {
      script.controllers = controllers
    }
  }

  /// The action a step's word names.
  static func action(_ name: String, _ node: Node, _ step: Fields) throws(Diagnostic) -> Action {
    func fields(_ shape: Shape) throws(Diagnostic) -> Fields {
      try Fields(node, file: step.file, subject: "'\(name)'", known: shape.names)
    }
    switch name {
    case "open":
      let open = try fields(Shapes.open)
      return .open(
        file: try open.string("as") ?? "dev", nonblocking: try open.bool("nonblocking") ?? false)
    case "close": return .close(file: try step.requiredString(name))
    case "ioctl": return .ioctl(try ioctl(fields(Shapes.ioctl)))
    case "host": return .host(try HostReader.call(node, step.file))
    case "gadgetfs": return .gadgetfs(try configure(fields(Shapes.configure)))
    case "gadgetfs-read":
      let read = try fields(Shapes.gadgetfsRead)
      let length = try read.int("length", in: 0...Action.GadgetFS.readLimit)
      return .gadgetfs(
        try gadgetfs(.read(length: length ?? GadgetFSEvent.size), read))
    case "gadgetfs-write":
      let write = try fields(Shapes.gadgetfsWrite)
      return .gadgetfs(try gadgetfs(.write(try bytes(write) ?? []), write))
    case "gadgetfs-stall":
      return .gadgetfs(try gadgetfs(.stall, fields(Shapes.gadgetfsStall)))
    case "wait": return .wait(milliseconds: try step.requiredUnsigned(name))
    case "signal-restart":
      return .signal(thread: try step.requiredString(name), restarts: true)
    default: return .signal(thread: try step.requiredString(name))
    }
  }

  private static func configure(_ fields: Fields) throws(Diagnostic) -> Action.GadgetFS {
    func bytes(_ key: String) throws(Diagnostic) -> [UInt8] {
      _ = try fields.required(key)
      return try hex(fields, key) ?? []
    }
    return try gadgetfs(
      .configure(
        device: try bytes("device"), configuration: try bytes("configuration"),
        highSpeed: fields.has("high-speed") ? try bytes("high-speed") : nil), fields)
  }

  private static func gadgetfs(
    _ call: Action.GadgetFS.Call, _ fields: Fields
  ) throws(Diagnostic) -> Action.GadgetFS {
    Action.GadgetFS(
      call, thread: try fields.string("thread") ?? "main",
      waits: try fields.bool("waits") ?? true)
  }

  private static func ioctl(_ fields: Fields) throws(Diagnostic) -> Action.Ioctl {
    let name = try fields.requiredString("request")
    guard let request = RawIoctl.named(name) else {
      let known = RawIoctl.allCases.map(\.shortName)
      throw fields.fail(
        "request", "there is no call '\(name)'", Nearest.word(to: name, among: known),
        known: known)
    }
    return Action.Ioctl(
      request: request, file: try fields.string("file") ?? "dev",
      thread: try fields.string("thread") ?? "main", argument: try argument(request, fields),
      pointer: try fields.choice("pointer", of: Action.Ioctl.Pointer.self) ?? .good,
      reach: Action.Ioctl.Reach(
        readable: try fields.int("readable", in: 0...Int(UInt32.max)),
        writable: try fields.int("writable", in: 0...Int(UInt32.max))),
      waits: try fields.bool("waits") ?? true)
  }

  private static func argument(_ request: RawIoctl, _ fields: Fields) throws(Diagnostic)
    -> Action.Ioctl.Argument
  {
    if let value = try fields.unsigned("value") { return .value(value) }
    switch request.layout {
    case .names:
      return .names(
        driver: try fields.string("driver") ?? "dummy_udc",
        device: try fields.string("device") ?? "dummy_udc.0", speed: try speed(fields))
    case .event: return .room(UInt32(clamping: try fields.unsigned("length") ?? 64))
    case .sent:
      let bytes = try bytes(fields) ?? []
      return .data(
        endpoint: try small(fields, "ep"), flags: try small(fields, "flags"), bytes,
        padded: UInt32(clamping: try fields.unsigned("length") ?? UInt64(bytes.count)))
    case .received:
      return .read(
        endpoint: try small(fields, "ep"), flags: try small(fields, "flags"),
        length: UInt32(clamping: try fields.unsigned("length") ?? 0))
    case .descriptor: return .descriptor(try descriptor(fields))
    case .nothing, .number, .endpoints: return .none
    }
  }

  private static func small(_ fields: Fields, _ key: String) throws(Diagnostic) -> UInt16 {
    UInt16(clamping: try fields.unsigned(key) ?? 0)
  }

  private static func speed(_ fields: Fields) throws(Diagnostic) -> UInt8 {
    let names = ["low": UInt8(1), "full": 2, "high": 3, "super": 5]
    guard let text = try fields.string("speed") else { return 3 }
    if let known = names[text] { return known }
    guard let number = Number.unsigned(text), number <= 255 else {
      throw fields.fail("speed", "'speed' must be low, full, high, super or a number to 255")
    }
    return UInt8(number)
  }

  private static func descriptor(_ fields: Fields) throws(Diagnostic) -> [UInt8] {
    if let bytes = try hex(fields, "descriptor") { return bytes }
    let packet = try small(fields, "max-packet")
    let address = try fields.int("address", in: 0...255) ?? 0
    let attributes = try fields.int("attributes", in: 0...255) ?? 2
    let interval = try fields.int("interval", in: 0...255) ?? 0
    return [
      7, 5, UInt8(address), UInt8(attributes), UInt8(packet & 0xff), UInt8(packet >> 8),
      UInt8(interval), 0, 0,
    ]
  }

  /// `data: 12 01 00 02` in hexadecimal, or `text: hello`.
  static func bytes(_ fields: Fields) throws(Diagnostic) -> [UInt8]? {
    if let text = try fields.string("text") { return Array(text.utf8) }
    return try hex(fields, "data")
  }

  static func hex(_ fields: Fields, _ key: String) throws(Diagnostic) -> [UInt8]? {
    guard let text = try fields.string(key, limit: ScenarioReader.sizeLimit) else { return nil }
    do throws(Hexadecimal.Problem) {
      return try Hexadecimal.bytes(text) { $0.properties.isWhitespace }
    } catch {
      throw fields.fail(key, "'\(key)' must be hexadecimal bytes, such as 12 01 00 02")
    }
  }
}
