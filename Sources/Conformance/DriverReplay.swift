public import GadgetWorld
import JSON
import RawGadget
import USB
import UsbHost

/// Plays a recorded program and the programs on the host that used its device, each from its own log, and compares
/// what comes out: the calls' results, the URBs on the bus, the kernel log, drivers and nodes.
public struct DriverReplay {
  /// The machine; after ``run()`` in the state the recording left it in.
  public internal(set) var world: GadgetWorld
  let recording: DriverRecording
  let unstable: UnstableParts
  /// When the program ended, by the clock of its calls; nil when the monitor's text does not tell.
  private let recordedEnd: Microseconds?
  var mismatches: [Mismatch] = []
  /// Names of nodes and of bound drivers there have been.
  var seenNodes: Set<String> = []
  var seenDrivers: Set<String> = []
  var seen: [UsbTransfer] = []

  /// Lines of calls that are left, by the name of their thread, the next one last.
  private var left: [String: [Int]] = [:]
  private var threads: [String: ThreadID] = [:]
  private var early: [ThreadID: CallResult] = [:]
  /// By how much the machine is behind the recording, in microseconds.
  private var delay: Microseconds = 0
  /// When the call whose return comes next was first waited for.
  private var waitedSince: Microseconds?
  /// For which line the others stand still, and until when; nil when that has to be found out anew.
  private var hold: (line: Int, until: Microseconds?)?
  private var hasEnded = false
  /// Threads whose calls differ, and the first difference of each.
  private var wrongThreads: [String: Mismatch] = [:]
  var action = DriverActionState()
  /// True once the program sent bytes that the recording did not keep.
  private(set) var hasUnknownBytes = false

  private static let descriptor = 3
  /// Microseconds a call that has to return is waited for.
  private static let patience: Microseconds = 10_000_000
  static let hostThread: ThreadID = 1000
  /// Microseconds a replay may go on behind the recording's last line.
  private static let longest: Microseconds = 300_000_000
  /// Transfers a replay may see; the longest recording has fewer than a hundredth.
  private static let mostTransfers = 200_000

  /// Prepares the machine a recording was made on; nil when its version of the driver is not known.
  public init?(_ recording: DriverRecording) {
    guard let policy = DriverPolicy.named(recording.policy) else { return nil }
    self.recording = recording
    unstable = recording.unstable
    recordedEnd = recording.end
    action.lag = recording.actionsLag
    for (index, call) in recording.calls.enumerated().reversed() {
      left[Self.thread(call), default: []].append(index)
    }
    world = GadgetWorld(policy: policy, modules: .all)
    _ = world.call(0, .open(descriptor: Self.descriptor, nonblocking: false))
  }

  /// The differences between a recording and the machine; empty when nothing differed.
  public static func check(_ recording: DriverRecording) -> [Mismatch] {
    guard var replay = DriverReplay(recording) else {
      return [Mismatch(place: "policy", expected: "a known one", got: recording.policy)]
    }
    replay.run()
    return replay.mismatches
  }

  /// Plays everything to its end and compares.
  public mutating func run() {
    let end = lastTime &+ Self.longest
    while step() {
      guard world.now < end, seen.count < Self.mostTransfers else {
        let got = "\(seen.count) transfers, none in sight"
        mismatches.append(Mismatch(place: "replay", expected: "an end", got: got))
        break
      }
    }
    advance(until: world.now &+ 1_000_000)
    let allowed = unstable.threads
    let wrong = wrongThreads.values.sorted { $0.place < $1.place }
    if wrong.count > allowed { mismatches += wrong }
    compareTransfers()
    compareLog()
    compareNodes()
  }

  /// Does what is due and lets time pass until something else is.
  ///
  /// - Returns: false once there is nothing left to do.
  private mutating func step() -> Bool {
    while playLine() || playAction() {}
    if !hasEnded, isOver { endProgram() }
    if hasEnded, action.isOver(recording) { return false }
    let waits = [
      hasEnded ? nil : nextLine, action.next, hasEnded ? nil : endTime,
      world.now &+ 1_000_000,
    ].compactMap { $0 }.filter { $0 > world.now }
    let until = max(world.now &+ 1, waits.min() ?? world.now)
    let sleeping = hasEnded ? [] : threads.values.filter { world.isBlocked($0) }
    let host = action.isRunning
    advance(until: until) { world in
      sleeping.contains { !world.isBlocked($0) } || host && !world.isBlocked(Self.hostThread)
    }
    return true
  }

  mutating func withWorld<R>(_ body: (inout GadgetWorld) -> R) -> R { body(&world) }

  mutating func advance(until time: Microseconds, _ holds: (GadgetWorld) -> Bool = { _ in false }) {
    var isOver = false
    while !isOver {
      let nodes = world.host.nodes.count
      // What comes and goes within the time has to be noticed.
      isOver =
        !world.advance(until: time) { holds($0) || $0.host.nodes.count != nodes } || holds(world)
      note()
    }
  }

  /// Remembers what can be seen now.
  private mutating func note() {
    for event in world.takeEvents() {
      if case .monitored(let transfer) = event.kind { seen.append(transfer) }
    }
    for node in world.host.nodes where node.kind != .network && node.kind != .interface {
      seenNodes.insert(node.path)
    }
    for device in world.host.devices.values {
      for (interface, name) in device.driverNames { seenDrivers.insert("\(interface) \(name)") }
    }
  }

  // MARK: - The program's calls

  private func time(_ line: JSONValue) -> Microseconds {
    Microseconds(clamping: line["t_ms"]?.int ?? 0) &* 1000 &+ delay
  }

  private var lastTime: Microseconds { recording.calls.last.map(time) ?? 0 }

  private static func thread(_ call: JSONValue) -> String { call["thread"]?.string ?? "main" }

  private static func isEnter(_ call: JSONValue) -> Bool { call["phase"]?.string == "enter" }

  /// The next line of each thread, in the order of the recording.
  private var nextLines: [Int] { left.values.compactMap(\.last).sorted() }

  /// When the next line is played at the latest.
  private var nextLine: Microseconds? {
    let lines = nextLines
    guard let first = lines.first else { return nil }
    if Self.isEnter(recording.calls[first]) { return time(recording.calls[first]) }
    guard let since = waitedSince else { return nil }
    let others = lines.map { recording.calls[$0] }.filter(Self.isEnter).map(time).min()
    let end = since &+ Self.patience
    return min(end, hold?.until ?? others ?? end)
  }

  /// Until when the other threads stand still for a return: the machine brings it by itself by then, as it was
  /// recorded. Nil when it does not: it waits for what they do.
  private func holdTime(_ index: Int) -> Microseconds? {
    let call = recording.calls[index]
    guard let thread = threads[Self.thread(call)] else { return nil }
    var trial = world.rehearsal
    guard trial.advance(until: trial.now &+ Self.patience, { !$0.isBlocked(thread) }),
      let result = trial.takeResult(of: thread), call["ret"]?.int.map(Int64.init) == result.ret
    else { return nil }
    return trial.now
  }

  /// Plays a line whose time has come: a call that returned; else the first of the recording; else, when that is a
  /// return that does not come, the first call of another thread.
  private mutating func playLine() -> Bool {
    guard !hasEnded else { return false }
    let lines = nextLines
    for index in lines where !Self.isEnter(recording.calls[index]) && takeReturn(index) {
      return true
    }
    guard let first = lines.first else { return false }
    guard !Self.isEnter(recording.calls[first]) else { return begin(first) }
    let since = waitedSince ?? world.now
    waitedSince = since
    if world.now &- since >= Self.patience {
      let call = recording.calls[first]
      wrong(Self.thread(call), call, "returned", "a result", "still blocked")
      return played(first)
    }
    if hold?.line != first || hold?.until.map({ $0 <= world.now }) ?? false {
      hold = (first, holdTime(first))
    }
    guard hold?.until == nil, let other = lines.first(where: { Self.isEnter(recording.calls[$0]) })
    else { return false }
    return begin(other)
  }

  private mutating func begin(_ index: Int) -> Bool {
    let call = recording.calls[index]
    guard time(call) <= world.now else { return false }
    let name = Self.thread(call)
    let thread = threads[name] ?? threads.count
    threads[name] = thread
    enter(call, thread)
    return played(index)
  }

  private mutating func takeReturn(_ index: Int) -> Bool {
    let call = recording.calls[index]
    let name = Self.thread(call)
    guard let thread = threads[name],
      let result = early.removeValue(forKey: thread) ?? world.takeResult(of: thread)
    else { return false }
    let expected = Microseconds(clamping: call["t_ms"]?.int ?? 0) &* 1000
    if world.now > expected { delay = max(delay, world.now - expected) }
    // What is done on the host keeps its distance to what the program does.
    action.late = max(action.late, delay)
    compare(call, name, result)
    return played(index)
  }

  private mutating func played(_ index: Int) -> Bool {
    if nextLines.first == index { waitedSince = nil }
    left[Self.thread(recording.calls[index])]?.removeLast()
    note()
    return true
  }

  private mutating func enter(_ next: JSONValue, _ thread: ThreadID) {
    guard
      let call = GadgetArguments.ioctl(next, descriptor: Self.descriptor, world: world)
    else { return }
    if let arg = next["arg"], GadgetBytes.missing(arg) > 0 { hasUnknownBytes = true }
    if case .returned(let result) = world.call(thread, call) { early[thread] = result }
    hold = nil
  }

  private mutating func compare(_ next: JSONValue, _ name: String, _ result: CallResult) {
    if let ret = next["ret"]?.int, Int64(ret) != result.ret {
      return wrong(name, next, "ret", "\(ret)", "\(result.ret) \(result.errno?.name ?? "")")
    }
    if let errno = next["errno"]?.string, errno != result.errno?.name {
      return wrong(name, next, "errno", errno, result.errno?.name ?? "none")
    }
    guard result.errno == nil, let out = next["out"], out["names"] == nil else { return }
    let found = GadgetOutput.differences(out, next["request"]?.string ?? "", result)
    if let (field, expected, got) = found.first { wrong(name, next, field, expected, got) }
  }

  private mutating func wrong(
    _ name: String, _ line: JSONValue, _ field: String, _ expected: String, _ got: String
  ) {
    guard wrongThreads[name] == nil else { return }
    wrongThreads[name] = Mismatch(
      place: "ioctls n=\(line["n"]?.int ?? -1) \(line["request"]?.string ?? "") \(field)",
      expected: expected, got: got)
  }

  // MARK: - The program's end

  private var endTime: Microseconds? { recordedEnd.map { $0 &+ delay } }

  /// True when the program is to end: what it did is done, and so is what ends it.
  private var isOver: Bool {
    let linesDone = left.values.allSatisfy(\.isEmpty) || waitedSince != nil
    let isStopped = recording.manifest?["end"]?.string?.contains("actions") ?? false
    if isStopped, !action.isOver(recording) { return false }
    return linesDone && world.now >= endTime ?? world.now
  }

  /// Its calls are interrupted and its files closed.
  private mutating func endProgram() {
    hasEnded = true
    for thread in threads.values.sorted() { world.signal(thread, restart: false) }
    _ = world.call(Self.hostThread + 1, .close(descriptor: Self.descriptor))
    note()
  }
}
