import DummyUDC
public import USB
import UsbHost

extension GadgetWorld {
  /// Lets virtual time pass: everything due within that span happens, in order.
  ///
  /// - Parameter span: microseconds; a sum beyond the clock's range stops at its end.
  public mutating func advance(by span: Microseconds) {
    let (sum, overflow) = now.addingReportingOverflow(span)
    advance(until: overflow ? .max : sum)
  }

  /// Lets virtual time pass until that moment; a moment gone by changes nothing.
  public mutating func advance(until time: Microseconds) {
    _ = advance(until: time) { _ in false }
  }

  /// Lets virtual time pass until something holds, looked at after each thing that happens.
  ///
  /// - Returns: true when it came to hold, false when the time ran out.
  @discardableResult
  public mutating func advance(
    until time: Microseconds, _ holds: (GadgetWorld) -> Bool
  ) -> Bool {
    if holds(self) { return true }
    while let entry = timers.next, entry.time <= time {
      _ = timers.popNext()
      if skipTurns(entry, until: time) { continue }
      now = max(now, entry.time)
      fire(entry.target)
      runReadyTasks()
      if holds(self) { return true }
    }
    now = max(now, time)
    return false
  }

  /// When the next timer fires, or nil when the machine rests.
  public var nextTimer: Microseconds? { timers.next?.time }

  private mutating func fire(_ target: TimerQueue.Target) {
    switch target {
    case .controller(let half): controllerTimer(half)
    case .task(let task, let token): wakeTask(task, token: token)
    case .rootHub(let half): finishWakeup(half)
    case .autosuspend(let device, let token): autosuspendTimer(device, token: token)
    }
  }
}
