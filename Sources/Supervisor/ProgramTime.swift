import Glibc

/// Real time on its way to a machine whose clock is its own.
struct ProgramTime {
  /// Milliseconds: less than that is no step of its own.
  static let tick = 20
  /// Milliseconds between two looks for signals while nothing else can happen.
  static let signalTick = 50
  /// Milliseconds that are owed at most, and given at once at most.
  private static let mostOwed = 60_000
  static let mostAtOnce = 10_000
  /// Milliseconds of the machine's time that the host is let wait for a program at most.
  static let longestWait = 300_000

  /// Real milliseconds the program ran in that the machine has not been given yet.
  private(set) var owed = 0
  private var clock = ProgramTime.now()
  private var lastLook = 0
  /// Milliseconds from one look at sleeping threads to the next.
  private var lookEvery = ProgramTime.tick
  /// When the program made its last call.
  private(set) var lastCall = ProgramTime.now()
  private var stuckSince: Int?

  /// Nothing the machine does by itself will wake anybody.
  var isStuck: Bool { stuckSince != nil }

  var stuckFor: Int { stuckSince.map { Self.now() - $0 } ?? 0 }

  /// Real time counts while the program runs; while it is held the clock stands still.
  mutating func count(_ runs: Bool) {
    let now = Self.now()
    if runs { owed = min(owed + max(0, now - clock), Self.mostOwed) }
    clock = now
  }

  /// The program goes on from here.
  mutating func goOn() {
    clock = Self.now()
    lastCall = clock
    stuckSince = nil
  }

  mutating func getStuck() {
    if stuckSince == nil { stuckSince = Self.now() }
  }

  /// No time has passed for the machine while the program only waited.
  mutating func forgive() {
    owed = 0
    clock = Self.now()
    stuckSince = nil
  }

  /// What is owed, when it is worth a step.
  mutating func takeOwed() -> Int? {
    guard owed >= Self.tick else { return nil }
    defer { owed = 0 }
    return min(owed, Self.mostAtOnce)
  }

  /// So much was given to the machine.
  mutating func pay(_ milliseconds: Int) { owed = max(0, owed - milliseconds) }

  /// Whether sleeping threads should be looked after; true once a tick.
  var isTimeToLook: Bool {
    mutating get {
      let now = clock
      guard now - lastLook >= lookEvery else { return false }
      lastLook = now
      return true
    }
  }

  mutating func lookNow() { lastLook = 0 }

  /// The look is over: where many threads are to be looked after, most of the time is left for other things.
  mutating func endLook() { lookEvery = max(Self.tick, 8 * (Self.now() - lastLook)) }

  /// Milliseconds of a clock that only goes forward.
  static func now() -> Int {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return time.tv_sec * 1000 + time.tv_nsec / 1_000_000
  }
}
