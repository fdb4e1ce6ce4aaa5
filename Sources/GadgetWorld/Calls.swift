public import RawGadget
public import USB
public import UsbHost

/// What threads do: those of the program that is a gadget, and those of the host.
extension GadgetWorld {
  /// Makes a system call on a thread that is not blocked.
  ///
  /// - Returns: what it returned, or that the thread now sleeps. A call on a sleeping thread
  ///   changes nothing and returns `.blocked`.
  public mutating func call(_ thread: ThreadID, _ call: SystemCall) -> CallOutcome {
    guard !isBlocked(thread) else { return .blocked }
    let outcome = enter(thread, call)
    runReadyTasks()
    return outcome
  }

  /// The result of that thread's blocked call once it has returned; each result is given once.
  public mutating func takeResult(of thread: ThreadID) -> CallResult? {
    drivers.takeResult(of: thread)
  }

  /// Sends a signal to a thread.
  ///
  /// - Parameters:
  ///   - thread: a thread; one that does not sleep in the driver is not affected.
  ///   - restart: true when its handler was installed with SA_RESTART.
  public mutating func signal(_ thread: ThreadID, restart: Bool) {
    interrupt(thread, restart: restart)
    runReadyTasks()
  }

  /// True while that thread sleeps in a call.
  public func isBlocked(_ thread: ThreadID) -> Bool {
    drivers.isBlocked(thread) || host.hasTask(of: thread)
  }

  /// Does something on the host's side, on a thread that is not blocked.
  public mutating func host(_ thread: ThreadID, _ action: HostAction) -> HostOutcome {
    guard !isBlocked(thread) else { return .blocked }
    perform(thread, action)
    runReadyTasks()
    guard let result = takeFinished(thread) else { return .blocked }
    return .returned(result)
  }

  /// The result of that thread's blocked host action once it has returned; given once.
  public mutating func takeHostResult(of thread: ThreadID) -> HostResult? {
    takeFinished(thread)
  }

  /// The number of a call in the header of this version of the driver.
  public func number(of ioctl: RawIoctl) -> UInt32 { drivers.number(of: ioctl) }

  /// Bytes `kmalloc()` gives at most on this machine: no version of the driver looks at more data.
  public static let largestAllocation = USB.largestAllocation
}
