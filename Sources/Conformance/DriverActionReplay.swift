import GadgetWorld
import JSON
import RawGadget
import Text
import USB
import UsbHost

/// What programs on the host did.
extension DriverReplay {
  /// Goes on with the present action, or begins the next one.
  ///
  /// - Returns: true when something was done at once.
  mutating func playAction() -> Bool {
    guard action.index < recording.actions.count else { return false }
    let recorded = RecordedAction(recording.actions[action.index])
    guard let began = action.began else { return begin(recorded) }
    switch recorded.verb {
    case "sleep":
      guard world.now >= action.next ?? 0 else { return false }
      return finish()
    case "wait": return wait(recorded, began)
    default:
      guard action.isRunning, let result = takeHostResult() else { return false }
      action.isRunning = false
      if recording.actionsAreAnotherRuns { action.ended(recorded.line, began, now: world.now) }
      compare(recorded, result)
      return finish()
    }
  }

  private mutating func takeHostResult() -> HostResult? {
    guard !world.isBlocked(Self.hostThread) else { return nil }
    return withWorld { $0.takeHostResult(of: Self.hostThread) }
  }

  private mutating func finish() -> Bool {
    action.index += 1
    action.began = nil
    action.next = nil
    return true
  }

  /// An action begins at its time, and not before the one before it has ended.
  private mutating func begin(_ recorded: RecordedAction) -> Bool {
    let due = action.due(recorded.line)
    guard due <= world.now else {
      action.next = due
      return false
    }
    action.began = world.now
    action.next = nil
    action.late = max(action.late, world.now &- (due &- action.late))
    switch recorded.verb {
    case "sleep":
      action.next = world.now &+ Microseconds(max(0, recorded.number(1))) &* 1000
      return true
    case "wait": return true
    case "cat":
      compareFile(recorded)
      return finish()
    default: return perform(recorded)
    }
  }

  private mutating func perform(_ recorded: RecordedAction) -> Bool {
    guard let operation = recorded.operation else {
      mismatch(recorded, "action", recorded.verb, "not known")
      return finish()
    }
    let isKnown = action.files[recorded.word(1)] != nil
    guard let node = node(recorded) else {
      let errno: Errno = if case .open = operation { .ENOENT } else { .EBADF }
      compare(recorded, HostResult(ret: errno.negated))
      return finish()
    }
    if case .close = operation, isKnown, !world.host.nodes.contains(where: { $0.name == node }) {
      // The device is gone; its file is closed all the same.
      return finish()
    }
    let outcome = withWorld { $0.host(Self.hostThread, .node(node, operation)) }
    if case .returned(let result) = outcome {
      compare(recorded, result)
      return finish()
    }
    action.isRunning = true
    return false
  }

  /// The node an action is about.
  private mutating func node(_ recorded: RecordedAction) -> String? {
    switch recorded.verb {
    case "open":
      let name = String(recorded.word(2).dropFirst("/dev/".count))
      guard world.host.nodes.contains(where: { $0.name == name }) else { return nil }
      action.files[recorded.word(1)] = name
      return name
    case "openev":
      let found = world.host.nodes.first { $0.name.hasPrefix("input/event") }?.name
      action.files[recorded.word(1)] = found
      return found
    case "ifup", "ifdown", "send": return recorded.word(1)
    case "usbtest": return "usbtest"
    case "close":
      return action.files.removeValue(forKey: recorded.word(1))
    default: return action.files[recorded.word(1)]
    }
  }

  private mutating func wait(_ recorded: RecordedAction, _ began: Microseconds) -> Bool {
    if isThere(recorded.word(1)) {
      compare(recorded, HostResult(ret: 0))
      return finish()
    }
    let end = began &+ Microseconds(max(0, recorded.number(2))) &* 1000
    guard world.now < end else {
      compare(recorded, HostResult(ret: Errno.ENOENT.negated))
      return finish()
    }
    action.next = min(end, world.now &+ 5000)
    return false
  }

  /// Whether a path of the host exists.
  private func isThere(_ path: String) -> Bool {
    let nodes = world.host.nodes
    let parts = path.split(separator: "/").map(String.init)
    if path.hasPrefix("/dev/") { return nodes.contains { $0.path == path } }
    if path.hasPrefix("/sys/class/net/") {
      return nodes.contains { $0.kind == .network && $0.name == parts.last }
    }
    if path.hasPrefix("/sys/bus/usb/drivers/"), parts.count > 5,
      let interface = parts[5].split(separator: ".").last.flatMap({ Int($0) })
    {
      return world.host.devices.values.contains { device in
        device.driverNames.contains { $0.interface == interface && $0.name == parts[4] }
      }
    }
    if path.contains("/input/input") { return nodes.contains { $0.name.hasPrefix("input/event") } }
    return false
  }

  private mutating func compareFile(_ recorded: RecordedAction) {
    // How often a network interface sent is the network's affair.
    guard !recorded.word(1).contains("/statistics/"), let expected = recorded.line["text"]?.string
    else { return }
    let got = world.deviceAttribute(recorded.word(1))
    if got != expected { mismatch(recorded, "text", expected, got ?? "(none)") }
  }

  // MARK: - Comparing

  private mutating func compare(_ recorded: RecordedAction, _ result: HostResult) {
    if case .open = recorded.operation, result.ret < 0 { action.files[recorded.word(1)] = nil }
    let line = recorded.line
    if line["ret"]?.int == -1 || result.ret < 0 {
      let expected = line["ret"]?.int == -1 ? line["errno"]?.string ?? "?" : "none"
      let got = result.errno?.name ?? "none"
      if expected != got { mismatch(recorded, "errno", expected, got) }
      return
    }
    switch recorded.operation {
    case .ask(.deviceID):
      let expected = GadgetBytes.parse(line["data"]?.string ?? "")
      let got =
        result.data + [UInt8](repeating: 0, count: max(0, expected.count - result.data.count))
      if Array(got.prefix(expected.count)) != expected {
        mismatch(recorded, "data", expected.hex, got.hex)
      }
    case .ask:
      let text = line["text"]?.string ?? ""
      let expected = text.hasPrefix("0x") ? Int(text.dropFirst(2), radix: 16) : Int(text)
      if expected != result.ret { mismatch(recorded, "value", text, "\(result.ret)") }
    case .read, .readAt, .write, .writeAt, .test:
      if let ret = line["ret"]?.int, ret != result.ret {
        mismatch(recorded, "ret", "\(ret)", "\(result.ret)")
      } else {
        compareData(recorded, result.data)
      }
    case .open, .close, .sync, .command, .line, .raise, .lower, .send, nil: break
    }
  }

  private mutating func compareData(_ recorded: RecordedAction, _ data: [UInt8]) {
    guard let expected = recorded.line["data"] else { return }
    // What a program on the host read of bytes nobody wrote down can be compared by its length alone.
    if hasUnknownBytes, expected["length"]?.int == data.count { return }
    guard action.files[recorded.word(1)]?.hasPrefix("input/") == true else {
      if !GadgetBytes.matches(expected, data) {
        mismatch(recorded, "data", "\(expected)", data.prefix(64).hex)
      }
      return
    }
    guard let text = expected.string else { return }
    let isJoystick = action.files[recorded.word(1)]?.hasPrefix("input/js") == true
    let wanted = Self.untimed(GadgetBytes.parse(text), isJoystick: isJoystick)
    let got = Self.untimed(data, isJoystick: isJoystick)
    if wanted != got { mismatch(recorded, "events", wanted.hex, got.hex) }
  }

  /// Events without the time they begin with, which is the recorder's own.
  private static func untimed(_ bytes: [UInt8], isJoystick: Bool) -> [UInt8] {
    let (size, time) = isJoystick ? (8, 4) : (24, 16)
    return stride(from: 0, to: bytes.count, by: size).flatMap {
      bytes[$0..<min(bytes.count, $0 + size)].dropFirst(time)
    }
  }

  private mutating func mismatch(
    _ recorded: RecordedAction, _ field: String, _ expected: String, _ got: String
  ) {
    mismatches.append(
      Mismatch(
        place:
          "action \(action.index + 1) (\(recorded.line["action"]?.string?.prefix(60) ?? "")) \(field)",
        expected: expected, got: got))
  }
}
