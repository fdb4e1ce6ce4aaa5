import Foundation

/// Measures two things by turns, so that what else the machine does falls on both alike.
struct BenchRounds {
  /// How often each is measured.
  let count: Int

  /// CPU seconds that one of `operations` in `body` takes in this process.
  static func time(of operations: Int = 1, _ body: () throws -> Void) rethrows -> Double {
    let start = now()
    try body()
    return (now() - start) / Double(max(1, operations))
  }

  private static func now() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  /// What both measure, round by round; a round before the first warms up.
  func pairs(
    _ own: () throws -> Double, against other: () throws -> Double
  ) rethrows -> [(own: Double, other: Double)] {
    _ = (try own(), try other())
    return try (0..<count).map { _ in (try own(), try other()) }
  }

  /// Keeps a result from being left out as unused.
  @inline(never) static func keep<Value>(_ value: Value) {}
}
