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
  var mismatches: [Mismatch] = []
  /// Names of nodes and of bound drivers there have been.
  var seenNodes: Set<String> = []
  var seenDrivers: Set<String> = []
  var seen: [UsbTransfer] = []

  private var line = 0
  private var threads: [String: ThreadID] = [:]
  private var early: [ThreadID: CallResult] = [:]
  /// By how much the machine is behind the recording, in microseconds.
  private var delay: Microseconds = 0
  /// When a call that has not returned was first waited for.
  private var waitedSince: Microseconds?
  private var hasEnded = false
  /// Threads whose calls differ, and the first difference of each.
  private var wrongThreads: [String: Mismatch] = [:]
  var action = DriverActionState()

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
    let linesLeft = line < recording.calls.count
    if !hasEnded, isOver { endProgram() }
    if hasEnded, action.isOver(recording) { return false }
    let waits = [
      linesLeft && !hasEnded ? nextLine : nil, action.next, hasEnded ? nil : endTime,
      world.now &+ 1_000_000,
    ].compactMap { $0 }.filter { $0 > world.now }
    let until = max(world.now &+ 1, waits.min() ?? world.now)
    let thread = linesLeft ? blockedThread : nil
    let host = action.isRunning
    advance(until: until) { world in
      thread.map { !world.isBlocked($0) } ?? false || host && !world.isBlocked(Self.hostThread)
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

  private var nextLine: Microseconds? {
    let next = recording.calls[line]
    if next["phase"]?.string == "enter" { return time(next) }
    return waitedSince.map { $0 &+ Self.patience }
  }

  private var blockedThread: ThreadID? {
    let next = recording.calls[line]
    guard next["phase"]?.string == "exit" else { return nil }
    return threads[next["thread"]?.string ?? "main"]
  }

  /// Plays the next line when its time has come.
  private mutating func playLine() -> Bool {
    guard line < recording.calls.count, !hasEnded else { return false }
    let next = recording.calls[line]
    let name = next["thread"]?.string ?? "main"
    let thread = threads[name] ?? threads.count
    threads[name] = thread
    switch next["phase"]?.string {
    case "enter":
      guard time(next) <= world.now else { return false }
      enter(next, thread)
    case "exit":
      guard let result = early.removeValue(forKey: thread) ?? world.takeResult(of: thread) else {
        let since = waitedSince ?? world.now
        waitedSince = since
        guard world.now &- since >= Self.patience else { return false }
        wrong(name, next, "returned", "a result", "still blocked")
        break
      }
      let expected = Microseconds(clamping: next["t_ms"]?.int ?? 0) &* 1000
      if world.now > expected { delay = max(delay, world.now - expected) }
      compare(next, name, result)
    default: break
    }
    waitedSince = nil
    line += 1
    note()
    return true
  }

  private mutating func enter(_ next: JSONValue, _ thread: ThreadID) {
    guard
      let call = GadgetArguments.ioctl(next, descriptor: Self.descriptor, world: world)
    else { return }
    if case .returned(let result) = world.call(thread, call) { early[thread] = result }
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

  private var endTime: Microseconds? { recording.end.map { $0 &+ delay } }

  /// True when the program is to end: what it did is done, and so is what ends it.
  private var isOver: Bool {
    let linesDone = line >= recording.calls.count || waitedSince != nil
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
