import DummyUDC
import UsbHost
public import GadgetWorld
public import JSON
public import RawGadget
import USB

/// Plays a recorded scenario of raw-gadget on the simulated machine and compares what comes out.
public struct GadgetReplay {
  /// The machine; after ``run()`` in the state the scenario left it in.
  public private(set) var world: GadgetWorld
  /// The differences found so far.
  public private(set) var mismatches: [Mismatch] = []

  let scenario: JSONValue
  let steps: [JSONValue]
  private var threads: [String: ThreadID] = [:]
  private var slots: [String: Int] = [:]
  /// Results of started host actions that did not have to wait.
  var early: [ThreadID: HostResult] = [:]
  /// Microseconds the program spends between two calls.
  static let callTime: Microseconds = 40
  /// The longest a call that has to return is waited for, in microseconds.
  static let patience: Microseconds = 120_000_000
  /// When the recorder's own timer interrupted a call that had not returned, in microseconds.
  static let safetyTimer: Microseconds = 20_000_000

  /// Microseconds between the last step and the reading of the log.
  static let logDelay: Microseconds = 60_000

  /// Prepares the machine a scenario was recorded on.
  ///
  /// - Parameter scenario: one line of a recording.
  /// - Returns: nil when its policy or its way of loading the controllers is not known.
  public init?(_ scenario: JSONValue) {
    guard let name = scenario["policy"]?.string, let policy = DriverPolicy.named(name),
      let hcd = scenario["hcd"]?.string, let controllers = GadgetWorld.Controllers(rawValue: hcd),
      let steps = scenario["steps"]?.array
    else { return nil }
    world = GadgetWorld(policy: policy, controllers: controllers)
    world.recordsEvents = false
    self.scenario = scenario
    self.steps = steps
  }

  /// The differences between a recorded scenario and the machine; empty when it passed.
  ///
  /// A warning the kernel gives once a boot may have been given before the scenario began, and no
  /// line of a recording tells what ran before it. So a machine that gives such a warning stands
  /// for two: one just booted and one that has given it already.
  ///
  /// - Parameters:
  ///   - scenario: one line of a recording.
  ///   - machine: a kernel to make the driver's copies in; nil only looks at the program's memory.
  public static func check(
    _ scenario: JSONValue, machine: CopyMachine? = nil
  ) -> [Mismatch] {
    guard var replay = GadgetReplay(scenario) else {
      return [
        Mismatch(
          place: "policy, hcd or steps", expected: "known ones",
          got: scenario["policy"]?.string ?? "none")
      ]
    }
    replay.world.copies = machine
    var later = replay
    replay.run()
    guard !replay.mismatches.isEmpty, replay.world.allocatorHasWarned else {
      return replay.mismatches
    }
    later.world.allocatorHasWarned = true
    later.run()
    return later.mismatches.isEmpty ? [] : replay.mismatches
  }

  /// Plays all steps and compares the host's log at the end.
  public mutating func run() {
    for index in steps.indices {
      play(index)
      world.advance(by: Self.callTime)
    }
    // The log was read a moment after the last step.
    world.advance(by: Self.logDelay)
    compareLog()
  }

  /// Turns event recording of the machine on, for those who want its trace.
  public mutating func recordEvents() { world.recordsEvents = true }

  private mutating func play(_ index: Int) {
    let step = steps[index]
    switch step["op"]?.string {
    case "open", "close", "read", "write", "poll": fileOperation(index, step)
    case "ioctl": ioctl(index, step)
    case "host": host(index, step)
    case "sleep": world.advance(by: milliseconds(step["ms"]))
    case "signal":
      world.signal(thread(step), restart: step["sa_restart"]?.bool ?? false)
    case "await":
      world.advance(by: milliseconds(step["waited_ms"]))
      compare(
        index, "still_blocked", step["still_blocked"],
        .bool(world.isBlocked(thread(step))))
    case "udc_sysfs":
      let attributes = world.controllerAttributes(step["udc"]?.string ?? "") ?? [:]
      compareAttributes(index, step["attrs"], attributes)
    default: break
    }
  }

  func milliseconds(_ value: JSONValue?) -> Microseconds {
    // Ten minutes, as in scenarios.
    Microseconds(max(0, min(value?.int ?? 0, 600_000))) &* 1000
  }

  mutating func thread(_ step: JSONValue) -> ThreadID {
    let name = step["thread"]?.string ?? "main"
    if let known = threads[name] { return known }
    let id = threads.count
    threads[name] = id
    return id
  }

  mutating func descriptor(_ step: JSONValue) -> Int {
    let name = step["fd"]?.string ?? "a"
    if let known = slots[name] { return known }
    let number = slots.count + 3
    slots[name] = number
    return number
  }

  // MARK: - The driver's side

  private mutating func fileOperation(_ index: Int, _ step: JSONValue) {
    let descriptor = descriptor(step)
    let call: SystemCall
    switch step["op"]?.string {
    case "open":
      call = .open(
        descriptor: descriptor,
        nonblocking: step["flags"]?.string?.contains("nonblock") ?? false)
    case "close": call = .close(descriptor: descriptor)
    case "read": call = .read(descriptor: descriptor, length: step["length"]?.int ?? 0)
    case "write": call = .write(descriptor: descriptor, length: step["length"]?.int ?? 0)
    default: call = .poll(descriptor: descriptor)
    }
    guard case .returned(let result) = world.call(thread(step), call) else {
      return mismatch(index, "blocked", "false", "true")
    }
    compareResult(index, step, result)
    if step["op"]?.string == "poll" {
      compare(index, "revents", step["revents"], .unsigned(UInt64(result.data.first ?? 0)))
    }
  }

  private mutating func ioctl(_ index: Int, _ step: JSONValue) {
    let thread = thread(step)
    if step["completes"] != nil {
      finishIoctl(index, step, thread, within: Self.patience)
      return
    }
    guard let call = GadgetArguments.ioctl(step, descriptor: descriptor(step), world: world)
    else { return mismatch(index, "request", step["request"]?.string ?? "", "not known") }
    let outcome = world.call(thread, call)
    if case .returned(let result) = outcome {
      let waits = step["blocked"]?.bool == true || step["started"]?.bool == true
      if waits, step["ret"] == nil { mismatch(index, "blocked", "true", "\(result)") }
      compareResult(index, step, result)
      return
    }
    if step["started"]?.bool == true, step["ret"] == nil { return }
    if let quiet = step["interrupted_after_ms"] {
      interrupt(index, step, thread, after: milliseconds(quiet))
    } else if step["blocked"]?.bool == true {
      world.advance(by: milliseconds(step["waited_ms"]))
      if !world.isBlocked(thread) { mismatch(index, "blocked", "true", "returned") }
    } else {
      world.advance(until: world.now &+ Self.safetyTimer) { !$0.isBlocked(thread) }
      world.signal(thread, restart: false)
      finishIoctl(index, step, thread, within: 0)
    }
  }

  private mutating func interrupt(
    _ index: Int, _ step: JSONValue, _ thread: ThreadID, after span: Microseconds
  ) {
    world.advance(by: span)
    if !world.isBlocked(thread) { mismatch(index, "blocked", "true", "returned") }
    world.signal(thread, restart: false)
    finishIoctl(index, step, thread, within: 0)
  }

  private mutating func finishIoctl(
    _ index: Int, _ step: JSONValue, _ thread: ThreadID, within span: Microseconds
  ) {
    world.advance(until: world.now &+ span) { !$0.isBlocked(thread) }
    guard let result = world.takeResult(of: thread) else {
      return mismatch(index, "returned", "a result", "still blocked")
    }
    compareResult(index, step, result)
  }

  private mutating func compareResult(_ index: Int, _ step: JSONValue, _ result: CallResult) {
    let found = differences(step, result)
    guard !found.isEmpty else { return }
    // A step that varied from run to run may come out as any of the runs had it.
    let alternatives = step["alternatives"]?.array ?? []
    if alternatives.contains(where: { differences($0, result).isEmpty }) { return }
    for (field, expected, got) in found { mismatch(index, field, expected, got) }
  }

  private func differences(
    _ step: JSONValue, _ result: CallResult
  ) -> [(String, String, String)] {
    var found: [(String, String, String)] = []
    func check(_ field: String, _ expected: JSONValue?, _ got: JSONValue) {
      let expected = expected ?? .null
      if expected != got { found.append((field, "\(expected)", "\(got)")) }
    }
    if step["ret"] != nil {
      check(
        "ret", step["ret"],
        result.ret < 0 ? .negative(result.ret) : .unsigned(UInt64(result.ret)))
      check("errno", step["errno"], result.errno.map { .string($0.name) } ?? .null)
      if let why = step["why"] {
        check("why", why, result.refusal?.recorded.map { .string($0) } ?? .null)
      }
    }
    if result.errno == nil, let out = step["out"] {
      found += GadgetOutput.differences(out, step["request"]?.string ?? "", result)
    }
    return found
  }

  // MARK: - Comparing

  mutating func mismatch(_ step: Int?, _ field: String, _ expected: String, _ got: String) {
    let place = step.map { "steps[\($0)].\(field)" } ?? field
    mismatches.append(Mismatch(place: place, expected: expected, got: got))
  }

  mutating func compare(
    _ step: Int, _ field: String, _ expected: JSONValue?, _ got: JSONValue
  ) {
    if (expected ?? .null) != got {
      mismatch(step, field, "\(expected ?? .null)", "\(got)")
    }
  }

  mutating func compareAttributes(
    _ step: Int, _ expected: JSONValue?, _ got: [String: String]
  ) {
    for (key, value) in expected?.object?.members ?? [] {
      // Recordings keep the bytes of an attribute one character each.
      let text = got[key].map { String(String.UnicodeScalarView($0.utf8.map(Unicode.Scalar.init))) }
      if value.string != text { mismatch(step, key, "\(value)", text ?? "absent") }
    }
  }

  private mutating func compareLog() {
    guard scenario["host_log_unstable"]?.bool != true,
      let expected = scenario["host_log"]?.array?.compactMap(\.string).map(GadgetLog.normalized)
    else { return }
    let got = world.log.map(GadgetLog.normalized)
    if expected != got {
      let at = zip(expected, got).enumerated().first { $0.1.0 != $0.1.1 }?.offset
      let place = at ?? min(expected.count, got.count)
      mismatch(
        nil, "host_log line \(place)",
        expected.indices.contains(place) ? expected[place] : "(end)",
        got.indices.contains(place) ? got[place] : "(end)")
    }
  }

  mutating func withWorld<R>(_ body: (inout GadgetWorld) -> R) -> R { body(&world) }
}
