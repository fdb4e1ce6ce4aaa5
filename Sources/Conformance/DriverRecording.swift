public import JSON
import RawGadget
import Text
public import USB

/// What was recorded of a program and of the host's drivers for it: its calls, what programs on the host did, and
/// what there was to see.
public struct DriverRecording: Sendable {
  /// The name its files begin with.
  public var name: String
  /// The version of the driver it ran on, by its name in vectors.
  public var policy: String
  /// The program's calls, two lines each.
  public var calls: [JSONValue]
  /// What programs on the host did, one line each.
  public var actions: [JSONValue] = []
  /// The actions were recorded in another run than the calls, whose device took its own time.
  public var actionsAreAnotherRuns = false
  /// What the host's USB monitor saw.
  public var transfers: [UsbTransfer] = []
  /// Lines of the host's kernel log; nil when there is none to compare with.
  public var log: [String]?
  /// What is known of it beside: nodes, drivers, what differed from run to run.
  public var manifest: JSONValue?

  /// A recording with its calls; the rest is added.
  public init(name: String, policy: String, calls: [JSONValue]) {
    self.name = name
    self.policy = policy
    self.calls = calls
  }

  /// When the program ended, in microseconds of the clock of its calls: when the host saw it leave. Nil when the
  /// monitor's text does not tell.
  var end: Microseconds? {
    guard let first = transfers.first?.timestamp, let gone, gone > first, let clocks else {
      return nil
    }
    return Microseconds(max(0, clocks + Int(clamping: gone - first)))
  }

  /// When the host saw the program leave, by the clock of the transfers: the port says that its connection changed
  /// and that nothing is connected.
  var gone: Microseconds? {
    transfers.last(where: \.tellsOfLeaving)?.timestamp
  }

  /// What the clock of the calls shows when the monitor's text begins, in microseconds: the program fetches a request
  /// after the monitor has seen it, and at once when it was waiting for it. The text begins with RUN.
  private var clocks: Int? {
    guard let first = transfers.first?.timestamp,
      let run = calls.first(where: { $0["request"]?.string == "USB_RAW_IOCTL_RUN" })?["t_ms"]?.int
    else { return nil }
    var asked = transfers.filter { $0.device != 1 && $0.event == .submission }[...]
    var shifts: [Int] = []
    for call in calls
    where call["out"]?["type_value"]?.int == Int(RawEventType.control.rawValue) {
      guard let bytes = call["out"]?["data"]?.string.map(GadgetBytes.parse),
        let index = asked.firstIndex(where: { $0.setupBytes == bytes })
      else { continue }
      let seen = Int(clamping: asked[index].timestamp) &- Int(clamping: first)
      shifts.append((call["t_ms"]?.int ?? 0) &* 1000 &- seen)
      asked = asked[(index + 1)...]
    }
    return shifts.min() ?? run * 1000
  }

  /// By how much the clock of the actions is behind that of the program, in microseconds, as far as the monitor's
  /// text tells: an action after a sleep that wakes a silent device up says when it began.
  var actionsLag: Int {
    guard let first = transfers.first?.timestamp, let clocks else { return 0 }
    let asked = transfers.filter { $0.device != 1 && $0.event == .submission }.map {
      Int(clamping: $0.timestamp) &- Int(clamping: first) &+ clocks
    }
    let awakenings = zip(asked, asked.dropFirst()).filter { $1 &- $0 > Self.silence }.map(\.1)
    for (action, next) in zip(actions, actions.dropFirst())
    where action["action"]?.string?.hasPrefix("sleep ") ?? false {
      let began = (next["t_ms"]?.int ?? 0) &* 1000
      let near = awakenings.first { abs($0 &- began) < Self.silence / 2 }
      if let near { return near &- began }
    }
    return 0
  }

  /// Microseconds without a request after which a device counts as silent.
  private static let silence = 100_000

  /// What differed between the runs of one recording, so that only the rest can be compared.
  var unstable: UnstableParts {
    UnstableParts(manifest?["unstable"]?.array?.compactMap(\.string) ?? [])
  }
}

extension UsbTransfer {
  /// The root hub's port says that its connection changed and that nothing is connected.
  var tellsOfLeaving: Bool {
    device == 1 && event == .completion && data.count == 4 && data[0] & 1 == 0 && data[2] & 1 != 0
  }

  /// The eight bytes of a control transfer's request.
  fileprivate var setupBytes: [UInt8]? {
    guard case .packet(let packet)? = setup else { return nil }
    return packet.bytes
  }
}

/// The parts of a recording that came out otherwise in another run, as its manifest lists them.
struct UnstableParts: Equatable, Sendable {
  /// By endpoint, such as `Bi ep1`, the number of the first URB that differed.
  var endpoints: [String: Int] = [:]
  /// The number of the first control transfer that differed.
  var control: Int?
  /// Threads of the program that called otherwise.
  var threads = 0
  /// True when the program's end cut its calls at another place.
  var isCutElsewhere = false
  /// Lines of the log that one run had and the other had not.
  var logLines: Set<String> = []
  /// True when a log line came more or less often.
  var hasLogRepeats = false

  init(_ notes: [String]) {
    for note in notes { take(note) }
  }

  private mutating func take(_ note: String) {
    let words = note.split(separator: " ").map(String.init)
    if let at = words.firstIndex(of: "number"), words.indices.contains(at + 1),
      let number = Int(words[at + 1])
    {
      if note.contains(": URBs differ"), words.count > 1 {
        endpoints[words[0] + " " + words[1].replacing(":", with: "")] = number
      } else if note.hasPrefix("control transfers") {
        control = number
      }
    } else if note.hasPrefix("ioctls: same sequences") {
      isCutElsewhere = true
    } else if note.hasPrefix("ioctls:"), words.count > 1, let count = Int(words[1]) {
      threads = count
    } else if note.hasPrefix("host log:") {
      hasLogRepeats = true
      for part in note.split(separator: "'").enumerated() where part.offset % 2 == 1 {
        logLines.insert(GadgetLog.normalized(String(part.element)))
      }
    }
  }
}
