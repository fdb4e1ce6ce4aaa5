public import UsbHost
import RawGadget
import USB

extension HostWord {
  /// The action its fields describe.
  func make(_ values: FieldValues) throws(FieldProblem) -> HostAction {
    func number() throws(FieldProblem) -> Int {
      try values.needed(FieldValues.single, values.number(FieldValues.single, as: Int.self))
    }
    func endpoint() throws(FieldProblem) -> UInt8 { UInt8(clamping: try number()) }
    switch self {
    case .open: return .open
    case .close: return .close
    case .reset: return .reset
    case .claim: return .claim(interface: try number())
    case .release: return .release(interface: try number())
    case .detach: return .detach(interface: try number())
    case .setConfiguration: return .setConfiguration(value: try number())
    case .clearHalt: return .clearHalt(endpoint: try endpoint())
    case .resetEndpoint: return .resetEndpoint(endpoint: try endpoint())
    case .reap: return .reap(wait: try number())
    case .discard:
      return .discard(
        tag: try values.needed(FieldValues.single, values.text(FieldValues.single)))
    case .bulk: return try Self.bulk(values)
    case .control: return try Self.control(values)
    case .submit: return try Self.submit(values)
    case .setInterface:
      return .setInterface(
        interface: values.number("interface", as: Int.self) ?? 0,
        alternate: values.number("alternate", as: Int.self) ?? 0)
    case .node: return try NodeWord.make(values)
    case .usbtest:
      let numbers = values.numbers(FieldValues.single)
      return .usbtest(cases: numbers.map { $0.map { Int(clamping: $0) } } ?? UsbtestCase.usual)
    case .sysfsWrite:
      return .sysfsWrite(
        file: try values.needed("file", values.text("file")),
        value: try values.needed("value", values.text("value")))
    }
  }

  private static func content(_ values: FieldValues) -> [UInt8] {
    values.bytes("text") ?? values.bytes("data") ?? []
  }

  private static func endpoint(_ values: FieldValues) throws(FieldProblem) -> UInt8 {
    try values.needed("endpoint", values.number("endpoint", as: UInt8.self))
  }

  private static func timeout(_ values: FieldValues) -> Int {
    values.number("timeout", as: Int.self) ?? 1000
  }

  private static func bulk(_ values: FieldValues) throws(FieldProblem) -> HostAction {
    let data = content(values)
    return .bulk(
      endpoint: try endpoint(values), data: data,
      length: values.number("length", as: Int.self) ?? data.count, timeout: timeout(values))
  }

  private static func control(_ values: FieldValues) throws(FieldProblem) -> HostAction {
    let data = content(values)
    let setup = SetupPacket(
      values.number("type", as: UInt8.self) ?? 0x80,
      try values.needed("request", values.number("request", as: UInt8.self)),
      value: values.number("value", as: UInt16.self) ?? 0,
      index: values.number("index", as: UInt16.self) ?? 0,
      length: values.number("length", as: UInt16.self) ?? UInt16(clamping: data.count))
    let size = Int(setup.wLength)
    let padded = data + [UInt8](repeating: 0, count: max(0, size - data.count))
    return .control(
      setup: setup, data: setup.isIn ? [] : Array(padded.prefix(size)),
      timeout: timeout(values))
  }

  private static func submit(_ values: FieldValues) throws(FieldProblem) -> HostAction {
    let data = content(values)
    return .submit(
      tag: try values.needed("as", values.text("as")),
      type: values.text("type") == "interrupt" ? .interrupt : .bulk,
      endpoint: try endpoint(values), flags: values.number("flags", as: Int.self) ?? 0,
      data: data, length: values.number("length", as: Int.self) ?? data.count)
  }
}

extension HostAction {
  /// The word scenarios write.
  public var word: HostWord {
    switch self {
    case .open: .open
    case .close: .close
    case .claim: .claim
    case .release: .release
    case .detach: .detach
    case .bulk: .bulk
    case .control: .control
    case .submit: .submit
    case .reap: .reap
    case .discard: .discard
    case .clearHalt: .clearHalt
    case .resetEndpoint: .resetEndpoint
    case .reset: .reset
    case .setConfiguration: .setConfiguration
    case .setInterface: .setInterface
    case .sysfsWrite: .sysfsWrite
    case .node: .node
    case .usbtest: .usbtest
    }
  }

  /// The action's name as scenarios write it.
  public var name: String { word.rawValue }

  /// What stands behind the word.
  public var values: FieldValues {
    switch self {
    case .open, .close, .reset: FieldValues()
    case .claim(let number), .release(let number), .detach(let number),
      .setConfiguration(let number), .reap(let number):
      FieldValues(single: .number(number))
    case .clearHalt(let endpoint), .resetEndpoint(let endpoint):
      FieldValues(single: .number(UInt64(endpoint)))
    case .discard(let tag): FieldValues(single: .text(tag))
    case .control(let setup, let data, let timeout):
      FieldValues([
        "type": .number(UInt64(setup.bmRequestType)), "request": .number(UInt64(setup.bRequest)),
        "value": .number(UInt64(setup.wValue)), "index": .number(UInt64(setup.wIndex)),
        "length": .number(UInt64(setup.wLength)), "data": data.isEmpty ? nil : .bytes(data),
        "timeout": .number(timeout),
      ])
    case .bulk(let endpoint, let data, let length, let timeout):
      FieldValues([
        "endpoint": .number(UInt64(endpoint)), "data": .bytes(data), "length": .number(length),
        "timeout": .number(timeout),
      ])
    case .submit(let tag, let type, let endpoint, let flags, let data, let length):
      FieldValues([
        "as": .text(tag), "type": .text(type == .bulk ? "bulk" : "interrupt"),
        "endpoint": .number(UInt64(endpoint)), "flags": .number(flags), "data": .bytes(data),
        "length": .number(length),
      ])
    case .setInterface(let interface, let alternate):
      FieldValues(["interface": .number(interface), "alternate": .number(alternate)])
    case .node(let name, let operation): operation.values(name: name)
    case .usbtest(let cases):
      FieldValues(single: .numbers(cases.map { UInt64(clamping: $0) }))
    case .sysfsWrite(let file, let value):
      FieldValues(["file": .text(file), "value": .text(value)])
    }
  }
}
