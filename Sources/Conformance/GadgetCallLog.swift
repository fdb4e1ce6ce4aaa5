import DummyUDC
public import GadgetWorld
public import JSON
public import RawGadget
import USB

/// Replays the log of an unmodified program: two lines a call, when it was entered and when it left.
public struct GadgetCallLog {
  private var world: GadgetWorld
  private var threads: [String: ThreadID] = [:]
  private var mismatches: [Mismatch] = []
  private static let descriptor = 3
  /// Microseconds a call that has to return is waited for beyond its recorded end.
  private static let patience: Microseconds = 10_000_000

  /// The differences between a log and the machine; empty when all calls came out as logged.
  ///
  /// - Parameters:
  ///   - lines: the log's lines in order; the device is open before the first.
  ///   - policy: the driver the program ran on.
  ///   - controllers: how the controllers were loaded.
  public static func check(
    _ lines: [JSONValue], policy: DriverPolicy,
    controllers: GadgetWorld.Controllers = .high
  ) -> [Mismatch] {
    var replay = GadgetCallLog(policy: policy, controllers: controllers)
    for line in lines { replay.play(line) }
    return replay.mismatches
  }

  private init(policy: DriverPolicy, controllers: GadgetWorld.Controllers) {
    world = GadgetWorld(policy: policy, controllers: controllers)
    world.recordsEvents = false
    _ = world.call(0, .open(descriptor: Self.descriptor, nonblocking: false))
  }

  private var early: [ThreadID: CallResult] = [:]

  private mutating func play(_ line: JSONValue) {
    let name = line["thread"]?.string ?? "main"
    let thread = threads[name] ?? threads.count
    threads[name] = thread
    let time = Microseconds(clamping: line["t_ms"]?.int ?? 0) &* 1000
    switch line["phase"]?.string {
    case "enter":
      if time > world.now { world.advance(until: time) }
      guard
        let call = GadgetArguments.ioctl(line, descriptor: Self.descriptor, world: world)
      else { return }
      if case .returned(let result) = world.call(thread, call) { early[thread] = result }
      world.advance(by: 40)
    case "exit":
      guard let result = early.removeValue(forKey: thread) ?? awaited(thread, until: time) else {
        return note(line, "returned", "a result", "still blocked")
      }
      compare(line, result)
    default: break
    }
  }

  private mutating func awaited(_ thread: ThreadID, until time: Microseconds) -> CallResult? {
    let limit = max(time, world.now) &+ Self.patience
    world.advance(until: limit) { !$0.isBlocked(thread) }
    return world.takeResult(of: thread)
  }

  private mutating func compare(_ line: JSONValue, _ result: CallResult) {
    if let ret = line["ret"]?.int, Int64(ret) != result.ret {
      note(line, "ret", "\(ret)", "\(result.ret) \(result.errno?.name ?? "")")
      return
    }
    if let errno = line["errno"]?.string, errno != result.errno?.name {
      note(line, "errno", errno, result.errno?.name ?? "none")
    }
    guard result.errno == nil, let out = line["out"] else { return }
    if let names = out["names"]?.array {
      let known = ControllerEndpoint.dummyUDC.map { JSONValue.string($0.name) }
      if names != known { note(line, "out.names", "\(names)", "\(known)") }
    }
    for (field, expected, got) in GadgetOutput.differences(
      out, line["request"]?.string ?? "", result)
    { note(line, field, expected, got) }
  }

  private mutating func note(
    _ line: JSONValue, _ field: String, _ expected: String, _ got: String
  ) {
    mismatches.append(
      Mismatch(
        place: "lines[\(line["n"]?.int ?? -1)].\(field)", expected: expected, got: got))
  }
}
