import USB

/// The host kernel's timer wheel with 250 ticks a second: when a timer really fires.
enum KernelTicks {
  /// Microseconds a tick lasts.
  static let length: Microseconds = 4000

  /// When a timer of that many milliseconds fires (`calc_wheel_index()`): the wheel rounds up, and
  /// the longer the time the coarser its levels are.
  ///
  /// - Parameters:
  ///   - now: the present time in microseconds.
  ///   - milliseconds: the time asked for; below 0 counts as 0.
  ///   - extra: ticks added before rounding.
  static func expiry(
    _ now: Microseconds, _ milliseconds: Int, extra: Int
  ) -> Microseconds {
    let tick = now / length
    let asked = Microseconds(max(0, min(milliseconds, 1 << 40)))
    let delta = (asked + 3) / 4 + Microseconds(max(0, extra))
    var shift: Microseconds = 0
    var start: Microseconds = 63
    while delta >= start, shift < 24 {
      shift += 3
      start <<= 3
    }
    let expires = tick + delta
    let fires = ((expires >> shift) + 1) << shift
    return max(fires &* length, now &+ 1)
  }
}
