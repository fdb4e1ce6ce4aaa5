import RawGadget
import Text
import USB
public import UsbHost

/// What can be done with a node of a driver, by the words scenarios write.
public enum NodeWord: String, Sendable, CaseIterable {
  case open
  case close
  case read
  case write
  case readAt = "read-at"
  case writeAt = "write-at"
  case sync
  case line
  case raise
  case lower
  case test
  case send
  case deviceID = "device-id"
  case status
  case modem
  case size
  case sector
  case readOnly = "read-only"
  case address
  case reset
  case sendBreak = "break"
  case drain
  case clear
  case partitions
  case eject
  case up
  case down

  /// The largest disk in bytes that is spoken of, and the longest wait in milliseconds.
  private static let place = FieldKind.number(0...1 << 40)
  private static let time = FieldKind.number(0...600_000)

  /// What stands behind `node`.
  static let fields = [
    Field("name", .text, required: true, "the node's name, such as lp0 or ttyUSB0"),
    Field("do", .word(allCases.map(\.rawValue)), required: true, "what is done with it"),
    Field("data", .hex, "bytes to write"), Field("text", .content, "bytes to write, as text"),
    Field("offset", place, usual: "0", "the place on a disk, in bytes"),
    Field("length", .number(0...1 << 20), "bytes to read"),
    Field("wait", time, usual: "1000", "milliseconds to wait for bytes"),
    Field("speed", .number(0...12_000_000), usual: "9600", "bits a second of a line"),
    Field("word", .text, usual: "8N1", "data bits, parity and stop bits of a line"),
    Field(
      "flow", .word(["none", "hardware", "software"]), usual: "none", "flow control of a line"),
    Field("lines", .text, "lines of a modem: dtr, rts or both"),
    Field("case", .number(0...29), "the case of usbtest"),
    Field("iterations", .number(1...10_000), usual: "8", "how often usbtest does it"),
    Field("vary", .number(0...1 << 20), usual: "421", "by how much its lengths vary"),
    Field("queue", .number(1...256), usual: "32", "transfers it queues at a time"),
    Field("blocking", .truth, usual: "true", "false opens without waiting (O_NONBLOCK)"),
  ]

  /// The operation the fields describe.
  static func make(_ values: FieldValues) throws(FieldProblem) -> HostAction {
    let name = try values.needed("name", values.text("name"))
    let word = NodeWord(rawValue: try values.needed("do", values.text("do"))) ?? .open
    return .node(name, try word.operation(values))
  }

  private func operation(_ values: FieldValues) throws(FieldProblem) -> NodeOperation {
    func number(_ name: String, _ usual: Int) -> Int { values.number(name, as: Int.self) ?? usual }
    let bytes = values.bytes("text") ?? values.bytes("data") ?? []
    switch self {
    case .open: return .open(NodeMode(nonblocking: values.truth("blocking") == false))
    case .close: return .close
    case .read: return .read(length: number("length", 64), wait: number("wait", 1000))
    case .write: return .write(bytes)
    case .readAt: return .readAt(offset: number("offset", 0), length: number("length", 512))
    case .writeAt: return .writeAt(offset: number("offset", 0), bytes)
    case .sync: return .sync
    case .line: return .line(try Self.line(values))
    case .raise: return .raise(Self.lines(values))
    case .lower: return .lower(Self.lines(values))
    case .test:
      return .test(
        UsbtestCase(
          number: number("case", 1), iterations: number("iterations", 8),
          length: number("length", 1024), vary: number("vary", 421), sglen: number("queue", 32)))
    case .send: return .send(bytes)
    case .deviceID, .status, .modem, .size, .sector, .readOnly, .address:
      return .ask(NodeQuestion(rawValue: rawValue) ?? .status)
    case .reset, .sendBreak, .drain, .clear, .partitions, .eject, .up, .down:
      return .command(NodeCommand(rawValue: rawValue) ?? .drain)
    }
  }

  /// A line's settings; its word is written as in `8N1`.
  private static func line(_ values: FieldValues) throws(FieldProblem) -> LineSettings {
    let word = Array(values.text("word") ?? "8N1")
    guard word.count == 3, let bits = word[0].wholeNumberValue, (5...8).contains(bits),
      let parity = LineSettings.Parity(rawValue: word[1].uppercased()),
      let stop = word[2].wholeNumberValue, (1...2).contains(stop)
    else { return try values.needed("word", nil) }
    let flow = values.text("flow")
    return LineSettings(
      speed: values.number("speed", as: Int.self) ?? 9600, bits: bits, parity: parity, stop: stop,
      hardwareFlow: flow == "hardware", softwareFlow: flow == "software")
  }

  private static func lines(_ values: FieldValues) -> ModemLines {
    let words = (values.text("lines") ?? "").lowercased()
    var lines: ModemLines = []
    if words.contains("dtr") { lines.insert(.dtr) }
    if words.contains("rts") { lines.insert(.rts) }
    return lines
  }
}

extension NodeOperation {
  /// The word scenarios write.
  public var word: NodeWord {
    switch self {
    case .open: .open
    case .close: .close
    case .read: .read
    case .write: .write
    case .readAt: .readAt
    case .writeAt: .writeAt
    case .sync: .sync
    case .line: .line
    case .raise: .raise
    case .lower: .lower
    case .test: .test
    case .send: .send
    case .ask(let question): NodeWord(rawValue: question.rawValue) ?? .status
    case .command(let command): NodeWord(rawValue: command.rawValue) ?? .drain
    }
  }

  /// What stands behind the word.
  func values(name: String) -> FieldValues {
    var pairs = FieldValues()
    pairs["name"] = .text(name)
    pairs["do"] = .text(word.rawValue)
    switch self {
    case .open(let mode): if mode.nonblocking { pairs["blocking"] = .truth(false) }
    case .close, .sync, .ask, .command: break
    case .read(let length, let wait):
      pairs["length"] = .number(length)
      pairs["wait"] = .number(wait)
    case .write(let bytes), .send(let bytes): pairs["data"] = .bytes(bytes)
    case .readAt(let offset, let length):
      pairs["offset"] = .number(offset)
      pairs["length"] = .number(length)
    case .writeAt(let offset, let bytes):
      pairs["offset"] = .number(offset)
      pairs["data"] = .bytes(bytes)
    case .line(let line):
      pairs["speed"] = .number(line.speed)
      pairs["word"] = .text("\(line.bits)\(line.parity.rawValue)\(line.stop)")
      pairs["flow"] = .text(
        line.hardwareFlow ? "hardware" : line.softwareFlow ? "software" : "none")
    case .raise(let lines), .lower(let lines):
      pairs["lines"] = .text(
        [lines.contains(.dtr) ? "dtr" : nil, lines.contains(.rts) ? "rts" : nil]
          .compactMap { $0 }.joined(separator: " "))
    case .test(let test):
      pairs["case"] = .number(test.number)
      pairs["iterations"] = .number(test.iterations)
      pairs["length"] = .number(test.length)
      pairs["vary"] = .number(test.vary)
      pairs["queue"] = .number(test.sglen)
    }
    return pairs
  }
}
