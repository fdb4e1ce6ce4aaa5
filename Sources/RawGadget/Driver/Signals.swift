package import USB

extension DriverSide {
  /// Sends a signal to a thread.
  ///
  /// - Parameters:
  ///   - thread: a thread; one that does not sleep in the driver is not affected.
  ///   - restart: true when its handler was installed with SA_RESTART.
  package mutating func interrupt(_ thread: ThreadID, restart: Bool) {
    note(.signalled(thread: thread))
    interruptGadgetFS(thread)
    guard let call = drivers.pending[thread] else { return }
    switch call.wait {
    case .event:
      finish(thread, .refused(call.ioctl.refusal(.signal)))
    case .ep0:
      dequeueRequest(of: call.device, .ep0)
      drivers.devices[call.device]?.ep0InPending = false
      drivers.devices[call.device]?.ep0OutPending = false
      drivers.devices[call.device]?.ep0TransferQueued = false
      interrupt(thread, call, restart: restart)
    case .endpoint(_, let handle):
      dequeueRequest(of: call.device, .endpoint(handle))
      setTransferQueued(call.device, handle, false)
      interrupt(thread, call, restart: restart)
    }
  }

  private mutating func dequeueRequest(of device: Int, _ owner: GadgetRequest.Owner) {
    guard let controller = drivers.devices[device]?.controller else { return }
    dequeue(controller: controller, device: device, owner: owner)
  }

  private mutating func interrupt(
    _ thread: ThreadID, _ call: PendingCall, restart: Bool
  ) {
    guard drivers.policy.interruptedTransfer == .restarted, restart else {
      finish(thread, .refused(call.ioctl.refusal(.signal)))
      return
    }
    // ERESTARTSYS: the handler returns and the system call is made again from its start.
    drivers.pending[thread] = nil
    _ = leaveFrames(thread)
    let context = CallContext(
      thread: thread, file: call.file, device: call.device, argument: call.argument)
    guard case .returned(let result) = ioctl(context, number: drivers.number(of: call.ioctl)) else {
      return
    }
    drivers.finished[thread] = result
    note(.callReturned(thread: thread, result))
    releaseFile(call.file)
  }
}
