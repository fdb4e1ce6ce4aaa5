import USB

extension DriverSide {
  /// EP0_WRITE and EP0_READ: answer the pending control request
  /// (`raw_process_ep0_io()`).
  mutating func transferEP0(_ call: CheckedCall) throws(CallRefusal) -> CallOutcome {
    let (device, io) = (call.device, call.transfer)
    drivers.devices[device]?.ep0TransferQueued = true
    sleep(call, .ep0(io))
    let request = GadgetRequest(
      owner: .ep0, device: device, buffer: io.data, length: io.length, zero: io.zero)
    let status = queueRequest(request, endpoint: 0, controller: call.controller)
    guard status < 0 else { return outcome(of: call.thread) }
    drivers.devices[device]?.ep0TransferQueued = false
    throw refusalByUDC(call, status)
  }

  /// EP_WRITE and EP_READ: move data over an enabled endpoint (`raw_process_ep_io()`).
  mutating func transfer(_ call: CheckedCall) throws(CallRefusal) -> CallOutcome {
    let (device, io) = (call.device, call.transfer)
    setTransferQueued(device, io.endpoint, true)
    sleep(call, .endpoint(io, handle: io.endpoint))
    let request = GadgetRequest(
      owner: .endpoint(io.endpoint), device: device, buffer: io.data, length: io.length,
      zero: io.zero)
    let status = queueRequest(
      request, endpoint: io.endpoint + 1, controller: call.controller)
    guard status < 0 else { return outcome(of: call.thread) }
    setTransferQueued(device, io.endpoint, false)
    throw refusalByUDC(call, status)
  }

  /// How a call stands whose request may have completed while it was queued.
  private mutating func outcome(of thread: ThreadID) -> CallOutcome {
    guard drivers.pending[thread] == nil, let result = drivers.finished.removeValue(forKey: thread)
    else {
      return .blocked
    }
    return .returned(result)
  }

  private mutating func refusalByUDC(_ call: CheckedCall, _ status: Int) -> CallRefusal {
    drivers.pending[call.thread] = nil
    if drivers.policy.refusedTransferFails { setState(call.device, .failed) }
    return call.ioctl.refusal(.udcQueue, Errno(negated: status) ?? .EIO)
  }
}
