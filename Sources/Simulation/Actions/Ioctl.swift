public import RawGadget
import Text
import USB

extension Action.Ioctl {
  /// What calls and files are named where nothing is said.
  static let usualFile = "dev"
  static let usualThread = "main"

  /// Fields of a call; those of all calls when there is none.
  public static func fields(of request: IoctlRequest?) -> [Field] {
    let own = request.map { argumentFields($0.layout) } ?? allArgumentFields
    return [Field("request", .request, required: true, "the call")] + own + commonFields
  }

  /// Fields the argument of a call takes.
  public static func argumentFields(of request: IoctlRequest) -> [Field] {
    argumentFields(request.layout)
  }

  private static let allArgumentFields: [Field] = {
    var fields: [Field] = []
    for field in RawIoctl.allCases.flatMap({ argumentFields($0.layout) })
    where !fields.contains(where: { $0.name == field.name }) {
      fields.append(field)
    }
    return fields
  }()

  private static let commonFields = [
    Field("value", .unsigned, "a plain number, or an address nothing is mapped at"),
    Field("file", .name(.file), usual: usualFile, "name of the open file"),
    Field("thread", .name(.thread), usual: usualThread, "name of the thread that calls"),
    Field("pointer", .word(Pointer.self), usual: "good", "where the argument lies"),
    Field("readable", .long, "bytes of the argument that can be read; all if left out"),
    Field("writable", .long, "bytes of the argument that can be written; all if left out"),
    Field("waits", .truth, usual: "true", "time passes until the call returns"),
  ]

  private static func transfer(_ length: Field, _ more: [Field] = []) -> [Field] {
    [
      Field("ep", .short, usual: "0", "the endpoint's handle"),
      Field("flags", .short, usual: "0", "1 ends the transfer with an empty packet"),
    ] + more + [length]
  }

  private static func argumentFields(_ layout: IoctlLayout) -> [Field] {
    switch layout {
    case .nothing, .number, .endpoints: []
    case .names:
      [
        Field("driver", .text, usual: "dummy_udc", "the controller's driver"),
        Field("device", .text, usual: "dummy_udc.0", "the controller"),
        Field("speed", .speed, usual: "high", "the gadget's speed"),
      ]
    case .event: [Field("length", .long, usual: "64", "room for the event's data, bytes")]
    case .sent:
      transfer(
        Field("length", .long, "bytes to send, with zeros behind the data"),
        [Field("data", .hex, "the data"), Field("text", .content, "the data as text")])
    case .received: transfer(Field("length", .long, usual: "0", "room for the data, bytes"))
    case .descriptor:
      [
        Field("address", .byte, usual: "0", "bEndpointAddress"),
        Field("attributes", .byte, usual: "2", "bmAttributes"),
        Field("max-packet", .short, usual: "0", "wMaxPacketSize"),
        Field("interval", .byte, usual: "0", "bInterval"),
        Field("descriptor", .hex, "the whole descriptor instead"),
      ]
    case .unknown: [Field("data", .hex, "the bytes the argument points to")]
    }
  }

  init(_ values: FieldValues) throws(FieldProblem) {
    let name = try values.needed("request", values.text("request"))
    guard let request = IoctlRequest(name) else { throw .missing("request") }
    if values.has("data"), values.has("text") { throw .both("data", "text") }
    self.init(
      request, file: values.text("file") ?? Self.usualFile,
      thread: values.text("thread") ?? Self.usualThread,
      argument: Argument(values, request.layout),
      pointer: values.word("pointer", as: Pointer.self) ?? .good,
      reach: Reach(
        readable: values.number("readable", as: Int.self),
        writable: values.number("writable", as: Int.self)), waits: values.truth("waits") ?? true)
  }

  var values: FieldValues {
    var values = FieldValues([
      "request": .text(request.name), "file": file == Self.usualFile ? nil : .text(file),
      "thread": thread == Self.usualThread ? nil : .text(thread),
    ])
    values.append(argument.values)
    let (pointer, reach) = (pointer, reach)
    values["readable"] = reach.readable.map { .number($0) }
    values["writable"] = reach.writable.map { .number($0) }
    if pointer != .good { values["pointer"] = .text(pointer.rawValue) }
    if !waits { values["waits"] = .truth(false) }
    return values
  }
}

extension CallArgument {
  init(_ values: FieldValues, _ layout: IoctlLayout) {
    if let value = values.number("value") {
      self = .value(value)
      return
    }
    let (ep, flags) = (values.number("ep", as: UInt16.self) ?? 0, values.number("flags") ?? 0)
    let (endpoint, bits) = (ep, UInt16(clamping: flags))
    let length = values.number("length", as: UInt32.self)
    switch layout {
    case .nothing, .number, .endpoints: self = .none
    case .names:
      self = .names(
        driver: values.text("driver") ?? "dummy_udc",
        device: values.text("device") ?? "dummy_udc.0",
        speed: values.number("speed", as: UInt8.self) ?? UsbSpeed.high.rawValue)
    case .event: self = .room(length ?? 64)
    case .sent:
      let bytes = values.bytes("text") ?? values.bytes("data") ?? []
      self = .data(
        endpoint: endpoint, flags: bits, bytes, padded: length ?? UInt32(clamping: bytes.count))
    case .received: self = .read(endpoint: endpoint, flags: bits, length: length ?? 0)
    case .descriptor: self = .descriptor(Self.descriptor(values))
    case .unknown: self = .bytes(values.bytes("data") ?? [])
    }
  }

  private static func descriptor(_ values: FieldValues) -> [UInt8] {
    if let bytes = values.bytes("descriptor") { return bytes }
    func byte(_ name: String) -> UInt8? { values.number(name, as: UInt8.self) }
    let packet = values.number("max-packet", as: UInt16.self) ?? 0
    return [
      7, 5, byte("address") ?? 0, byte("attributes") ?? 2, UInt8(packet & 0xff),
      UInt8(packet >> 8), byte("interval") ?? 0, 0, 0,
    ]
  }

  /// Zeros at the end of data that are told by its length alone, at least.
  private static let longTail = 64

  var values: FieldValues {
    switch self {
    case .none: return FieldValues()
    case .names(let driver, let device, let speed):
      return FieldValues([
        "driver": .text(driver), "device": .text(device), "speed": .number(UInt64(speed)),
      ])
    case .room(let length): return FieldValues(["length": .number(UInt64(length))])
    case .data(let endpoint, let flags, let bytes, let length):
      let content = bytes.prefix((bytes.lastIndex { $0 != 0 } ?? -1) + 1)
      let isCut = bytes.count - content.count > Self.longTail
      let told = length ?? (isCut ? UInt32(bytes.count) : nil)
      var values = Self.transfer(endpoint, flags)
      values["data"] = .bytes(isCut ? Array(content) : bytes)
      values["length"] = told.map { .number(UInt64($0)) }
      return values
    case .read(let endpoint, let flags, let length):
      var values = Self.transfer(endpoint, flags)
      values["length"] = .number(UInt64(length))
      return values
    case .descriptor(let bytes): return FieldValues(["descriptor": .bytes(bytes)])
    case .bytes(let bytes): return FieldValues(["data": .bytes(bytes)])
    case .value(let value): return FieldValues(["value": .number(value)])
    }
  }

  private static func transfer(_ endpoint: UInt16, _ flags: UInt16) -> FieldValues {
    FieldValues([
      "ep": endpoint == 0 ? nil : .number(UInt64(endpoint)),
      "flags": flags == 0 ? nil : .number(UInt64(flags)),
    ])
  }
}
