import JSON
import USB
import UsbHost

/// How far the programs on the host are with what they did in a recording.
struct DriverActionState {
  /// The number of the present action.
  var index = 0
  /// The node of each open file, by the letter it has in the recording.
  var files: [String: String] = [:]
  /// True while a call of the action is at work.
  var isRunning = false
  /// When the action began.
  var began: Microseconds?
  /// When it is to go on, or is over, or is given up.
  var next: Microseconds?

  /// By how much their clock is behind the program's, in microseconds; less than 0 when it is before it.
  var lag = 0
  /// By how much the actions are behind the recording, in microseconds.
  var late: Microseconds = 0

  /// When an action begins that is as far behind as those before it.
  func due(_ line: JSONValue) -> Microseconds {
    Microseconds(clamping: (line["t_ms"]?.int ?? 0) &* 1000 &+ lag &+ Int(clamping: late))
  }

  /// An action is over that waited for the device. Where it took less than it did in a run whose device was slower,
  /// those that follow keep their distance to it.
  mutating func ended(_ line: JSONValue, _ began: Microseconds, now: Microseconds) {
    let early = (line["took_ms"]?.int ?? 0) &* 1000 &- Int(clamping: now &- began)
    if early > 0 { lag &-= early }
  }

  func isOver(_ recording: DriverRecording) -> Bool { index >= recording.actions.count }
}

/// An action of a recording, taken apart.
struct RecordedAction {
  var words: [String]
  var line: JSONValue

  init(_ line: JSONValue) {
    self.line = line
    words = (line["action"]?.string ?? "").split(separator: " ").map(String.init)
  }

  var verb: String { words.first ?? "" }

  func word(_ index: Int) -> String { words.indices.contains(index) ? words[index] : "" }

  func number(_ index: Int) -> Int {
    let text = word(index)
    return text.hasPrefix("0x") ? Int(text.dropFirst(2), radix: 16) ?? 0 : Int(text) ?? 0
  }

  /// Bytes as actions write them: text with `_` for blanks and `\n`, `x:` and digits, or a counter.
  func bytes(_ index: Int) -> [UInt8] {
    let text = word(index)
    if text.hasPrefix("mod251:") { return GadgetBytes.pattern(Int(text.dropFirst(7)) ?? 0) }
    if text.hasPrefix("x:") { return GadgetBytes.parse(String(text.dropFirst(2))) }
    return Array(text.replacing("_", with: " ").replacing("\\n", with: "\n").utf8)
  }

  /// What it does with a node; nil when it is none of these.
  var operation: NodeOperation? {
    switch verb {
    case "open", "openev":
      let mode = verb == "openev" ? "r" : word(3)
      return .open(
        NodeMode(
          reads: mode.contains("r"), writes: mode.contains("w"),
          nonblocking: mode.contains("n") || verb == "openev", direct: mode.contains("d")))
    case "close": return .close
    case "read": return .read(length: number(2), wait: number(3))
    case "write": return .write(bytes(2))
    case "pread": return .readAt(offset: number(2), length: number(3))
    case "pwrite": return .writeAt(offset: number(2), bytes(3))
    case "fsync": return .sync
    case "tc":
      return .line(
        LineSettings(
          speed: number(2), bits: number(3),
          parity: ["e": .even, "o": .odd][word(4)] ?? .none, stop: number(5),
          hardwareFlow: words.contains("rtscts")))
    case "mget": return .ask(.modem)
    case "mbis": return .raise(ModemLines(rawValue: number(2)))
    case "mbic": return .lower(ModemLines(rawValue: number(2)))
    case "break": return .command(.sendBreak)
    case "tcdrain": return .command(.drain)
    case "lpid": return .ask(.deviceID)
    case "lpstatus": return .ask(.status)
    case "lpreset": return .command(.reset)
    case "size": return .ask(.size)
    case "ssz": return .ask(.sector)
    case "roget": return .ask(.readOnly)
    case "rrpart": return .command(.partitions)
    case "eject": return .command(.eject)
    case "tmc": return .command(.clear)
    case "ifup": return .command(.up)
    case "ifdown": return .command(.down)
    case "send": return .send(bytes(2))
    case "usbtest":
      return .test(
        UsbtestCase(
          number: number(1), iterations: number(2), length: number(3), vary: number(4),
          sglen: number(5)))
    default: return nil
    }
  }
}
