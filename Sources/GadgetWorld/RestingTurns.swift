import DummyUDC
import USB

extension GadgetWorld {
  /// Leaves out the turns of a controller's timer that would find nothing to do.
  ///
  /// A polled endpoint without data keeps the timer going, eight thousand turns a second that change
  /// nothing. What is left out is exactly that: the timer is armed for the last turn before something else
  /// can happen.
  ///
  /// - Returns: true when turns were left out; the entry, already taken from the queue, is back in it.
  mutating func skipTurns(_ entry: TimerQueue.Entry, until time: Microseconds) -> Bool {
    guard case .controller(let half) = entry.target, isResting(half) else { return false }
    let busy = timers.all { other in
      if case .controller(let half) = other.target { !isResting(half) } else { true }
    }
    let bound = min(time, busy.first?.time ?? .max)
    guard bound > entry.time else { return false }
    let last = bound - (bound - entry.time) % Self.controllerInterval
    guard last > entry.time else { return false }
    // Controllers that take their turns at the same moments keep their order: those that had this turn
    // already have the next one first.
    let others = timers.all { other in
      guard case .controller(let half) = other.target, isResting(half) else { return false }
      return other.time < last && (last - other.time) % Self.controllerInterval == 0
    }
    let done = others.filter { $0.time > entry.time }
    let order = done + [entry] + others.filter { $0.time <= entry.time }
    others.forEach { timers.cancel($0.target) }
    order.forEach { timers.arm($0.target, at: last) }
    return true
  }
}
