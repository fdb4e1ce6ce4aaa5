import RawGadget
import Text

extension Action.GadgetFS {
  static let commonFields = [
    Field("thread", .name(.thread), usual: "main", "name of the thread that calls"),
    Field("waits", .truth, usual: "true", "time passes until the call returns"),
  ]

  static let configureFields =
    [
      Field("device", .hex, required: true, "the device descriptor"),
      Field("configuration", .hex, required: true, "the configuration for full speed"),
      Field("high-speed", .hex, "the configuration for high speed"),
    ] + commonFields

  static let readFields =
    [
      Field(
        "length", .number(0...UInt64(readLimit)), usual: String(GadgetFSEvent.size),
        "bytes to read; 0 acknowledges")
    ] + commonFields

  static let writeFields =
    [Field("data", .hex, "the data"), Field("text", .content, "the data as text")] + commonFields

  /// The call a step's word makes, on the thread its fields name.
  init(_ call: Call, _ values: FieldValues) {
    self.init(
      call, thread: values.text("thread") ?? "main", waits: values.truth("waits") ?? true)
  }

  static func configure(_ values: FieldValues) throws(FieldProblem) -> Call {
    .configure(
      device: try values.needed("device", values.bytes("device")),
      configuration: try values.needed("configuration", values.bytes("configuration")),
      highSpeed: values.bytes("high-speed"))
  }

  static func read(_ values: FieldValues) -> Call {
    .read(length: values.number("length", as: Int.self) ?? GadgetFSEvent.size)
  }

  static func write(_ values: FieldValues) -> Call {
    .write(values.bytes("text") ?? values.bytes("data") ?? [])
  }

  var word: ActionWord {
    switch call {
    case .configure: .gadgetfs
    case .read: .gadgetfsRead
    case .write: .gadgetfsWrite
    case .stall: .gadgetfsStall
    }
  }

  var values: FieldValues {
    var values = FieldValues()
    switch call {
    case .configure(let device, let configuration, let highSpeed):
      values["device"] = .bytes(device)
      values["configuration"] = .bytes(configuration)
      values["high-speed"] = highSpeed.map { .bytes($0) }
    case .read(let length):
      if length != GadgetFSEvent.size { values["length"] = .number(length) }
    case .write(let bytes): values["data"] = .bytes(bytes)
    case .stall: break
    }
    if thread != "main" { values["thread"] = .text(thread) }
    if !waits { values["waits"] = .truth(false) }
    return values
  }
}
