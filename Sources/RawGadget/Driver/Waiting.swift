public import USB

extension GadgetWorld {
  /// Puts the calling thread to sleep in the driver.
  mutating func sleep(_ call: CallContext, _ ioctl: RawIoctl, _ wait: PendingCall.Wait) {
    waitOrder &+= 1
    pending[call.thread] = PendingCall(
      file: call.file, device: call.device, wait: wait, ioctl: ioctl, argument: call.argument,
      order: waitOrder)
  }

  /// Ends a sleeping call with that result.
  mutating func finish(_ thread: ThreadID, _ result: CallResult) {
    guard let call = pending.removeValue(forKey: thread) else { return }
    // A call that ends before it ever slept is returned by its own entry.
    if thread == entering {
      finished[thread] = result
      return
    }
    var result = result
    result.killed = leaveFrames(thread)
    finished[thread] = result
    note(.callReturned(thread: thread, result))
    releaseFile(call.file)
  }

  /// Sends a signal to a thread.
  ///
  /// - Parameters:
  ///   - thread: a thread; one that does not sleep in the driver is not affected.
  ///   - restart: true when its handler was installed with SA_RESTART.
  public mutating func signal(_ thread: ThreadID, restart: Bool) {
    note(.signalled(thread: thread))
    interruptGadgetFS(thread)
    guard let call = pending[thread] else { return }
    switch call.wait {
    case .event:
      finish(thread, .failure(.EINTR, .eventFetch, row: 4, why: .signal))
    case .ep0(let io):
      dequeue(device: call.device, owner: .ep0)
      devices[call.device]?.ep0InPending = false
      devices[call.device]?.ep0OutPending = false
      devices[call.device]?.ep0TransferQueued = false
      interrupt(thread, call, io, row: 12, restart: restart)
    case .endpoint(let io, let handle):
      dequeue(device: call.device, owner: .endpoint(handle))
      setTransferQueued(call.device, handle, false)
      interrupt(thread, call, io, row: 14, restart: restart)
    }
    runReadyTasks()
  }

  private mutating func interrupt(
    _ thread: ThreadID, _ call: PendingCall, _ io: EndpointIO, row: Int, restart: Bool
  ) {
    guard policy.interruptedTransfer == .restarted, restart else {
      finish(thread, .failure(.EINTR, call.ioctl, row: row, why: .signal))
      return
    }
    // ERESTARTSYS: the handler returns and the system call is made again from its start.
    pending[thread] = nil
    _ = leaveFrames(thread)
    let context = CallContext(
      thread: thread, file: call.file, device: call.device, argument: call.argument)
    guard case .returned(let result) = ioctl(context, number: number(of: call.ioctl)) else {
      return
    }
    finished[thread] = result
    note(.callReturned(thread: thread, result))
    releaseFile(call.file)
  }

  /// Notes a kernel warning with its stack trace.
  mutating func warn(_ module: String) {
    logLine("WARNING (kernel stack trace) in \(module)")
  }

  mutating func setTransferQueued(_ device: Int, _ handle: Int, _ queued: Bool) {
    guard devices[device]?.endpoints.indices.contains(handle) == true else { return }
    devices[device]?.endpoints[handle].transferQueued = queued
  }
}
