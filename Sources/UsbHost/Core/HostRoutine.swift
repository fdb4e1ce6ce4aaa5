import USB

/// A function of the host's kernel that can sleep, with the state it keeps while it does: it goes on from where
/// it stopped each time it is stepped.
protocol HostRoutine: Equatable, Sendable {
  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep
}

/// What a routine is handed when it goes on.
enum RoutineInput: Equatable, Sendable {
  case start
  /// Its sleep is over.
  case woke
  /// The URB it waited for was given back.
  case urb(URBResult)
  /// The time it would wait for an URB is over.
  case timedOut
  /// The routine it called returned.
  case value(HostValue)
}

extension RoutineInput {
  /// What the routine it called returned, or the URB it waited for; 0 when it was only woken.
  var value: HostValue {
    switch self {
    case .value(let value): value
    case .urb(let result):
      HostValue(ret: result.status < 0 ? result.status : result.actual, data: result.data)
    case .timedOut: HostValue(ret: Errno.ETIMEDOUT.negated)
    case .start, .woke: HostValue(ret: 0)
    }
  }
}

/// What a routine returns: a kernel-style result and the data it moved.
struct HostValue: Equatable, Sendable {
  var ret: Int
  var data: [UInt8] = []
}

/// How an URB ended.
struct URBResult: Equatable, Sendable {
  var status: Int
  var actual: Int
  var data: [UInt8]
}

/// What a routine wants next.
enum RoutineStep {
  case call(any HostRoutine)
  case sleep(milliseconds: Int)
  /// Time its own work takes, in microseconds.
  case pause(Microseconds)
  case wait(urb: Int, milliseconds: Int?)
  case done(HostValue)

  /// What was put off to be done by a worker (`schedule_delayed_work()`): unlike a sleep it takes no tick more.
  static func delayed(milliseconds: Int, now: Microseconds) -> RoutineStep {
    .pause(KernelTicks.expiry(now, milliseconds, extra: 0) &- now)
  }

  static func done(_ ret: Int) -> RoutineStep { .done(HostValue(ret: ret)) }
}

/// Something the host's kernel is in the middle of: a stack of routines, each with its own state.
struct HostTask: Equatable, Sendable {
  enum Owner: Equatable, Sendable {
    case hub(RootHubID)
    case thread(ThreadID)
    case worker
  }

  var owner: Owner
  /// The innermost last. None yet for the work of a hub, which is looked up when it is begun.
  var routines: [any HostRoutine]
  /// What it is given when it goes on.
  var input: RoutineInput = .start
  /// The URB it waits for.
  var urb: Int?
  /// The token of the present sleep; wake-ups with an older one are ignored.
  var token: UInt64 = 0

  static func == (a: HostTask, b: HostTask) -> Bool {
    a.owner == b.owner && a.input == b.input && a.urb == b.urb && a.token == b.token
      && a.routines.elementsEqual(b.routines, by: areEqual)
  }
}

/// Whether two values are of one type and equal.
func areEqual(_ a: any Equatable, _ b: any Equatable) -> Bool {
  func compare<A: Equatable>(_ a: A) -> Bool { b as? A == a }
  return compare(a)
}
