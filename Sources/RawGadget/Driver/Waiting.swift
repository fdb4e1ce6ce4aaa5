import USB

extension DriverSide {
  /// Puts the calling thread to sleep in the driver.
  mutating func sleep(_ call: CheckedCall, _ wait: PendingCall.Wait) {
    drivers.waitOrder &+= 1
    drivers.pending[call.thread] = PendingCall(
      file: call.context.file, device: call.device, wait: wait, ioctl: call.ioctl,
      argument: call.context.argument, order: drivers.waitOrder)
  }

  /// Ends a sleeping call with that result.
  mutating func finish(_ thread: ThreadID, _ result: CallResult) {
    guard let call = drivers.pending.removeValue(forKey: thread) else { return }
    // A call that ends before it ever slept is returned by its own entry.
    if thread == drivers.entering {
      drivers.finished[thread] = result
      return
    }
    var result = result
    result.killed = leaveFrames(thread)
    drivers.finished[thread] = result
    note(.callReturned(thread: thread, result))
    releaseFile(call.file)
  }

  /// Notes a kernel warning with its stack trace.
  mutating func warn(_ module: String) {
    logLine("WARNING (kernel stack trace) in \(module)")
  }

  mutating func setTransferQueued(_ device: Int, _ handle: Int, _ queued: Bool) {
    guard drivers.devices[device]?.endpoints.indices.contains(handle) == true else { return }
    drivers.devices[device]?.endpoints[handle].transferQueued = queued
  }
}
