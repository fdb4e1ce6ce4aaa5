import USB

/// How often a place in the kernel has printed its line (`struct ratelimit_state`).
struct LogLimit: Equatable, Sendable {
  static let interval: Microseconds = 5_000_000
  static let burst = 10

  var begin: Microseconds
  var printed = 0
  var missed = 0

  init(begin: Microseconds) { self.begin = begin }
}
