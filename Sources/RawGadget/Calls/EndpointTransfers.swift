import USB

extension DriverSide {
  /// The part EP0_WRITE, EP0_READ, EP_WRITE and EP_READ have in common: the argument and the data
  /// (`raw_alloc_io_data()`).
  private mutating func takeIO(
    _ call: CallContext, _ ioctl: RawIoctl
  ) -> Result<EndpointIO, CallFailure> {
    func refuse(_ errno: Errno, _ row: Int) -> Result<EndpointIO, CallFailure> {
      .failure(CallFailure(.failure(errno, ioctl, row: row)))
    }
    let memory = call.memory
    guard
      let header = copyArgument(call.thread, from: memory, size: RawLayout.headerSize)
    else { return refuse(.EFAULT, 1) }
    let endpoint = Int(littleEndianValue(header[0..<2]))
    let flags = UInt16(truncatingIfNeeded: littleEndianValue(header[2..<4]))
    let length = Int(littleEndianValue(header[4..<8]))
    guard endpoint < drivers.policy.maxEndpoints else { return refuse(.EINVAL, 2) }
    guard flags & ~1 == 0 else { return refuse(.EINVAL, 3) }
    if let limit = drivers.policy.transferLimit, length > limit { return refuse(.EINVAL, 4) }
    guard length <= largestAllocation else {
      warnOnceAboutAllocation()
      return refuse(.ENOMEM, 4)
    }
    let isRead = ioctl == .ep0Read || ioctl == .epRead
    var io = EndpointIO(
      endpoint: endpoint, zero: flags & 1 != 0, length: length, memory: memory, data: [],
      isRead: isRead)
    if isRead {
      io.address = drivers.machine?.allocate(length, label: "data", for: call.thread)
      return .success(io)
    }
    guard
      let data = duplicateUserData(
        call.thread, from: memory, offset: RawLayout.headerSize, size: length)
    else { return refuse(.EFAULT, 5) }
    io.data = data
    return .success(io)
  }

  private mutating func warnOnceAboutAllocation() {
    if !drivers.allocatorHasWarned { warn("kernel") }
    drivers.allocatorHasWarned = true
  }

  /// EP0_WRITE and EP0_READ: answer the pending control request
  /// (`raw_process_ep0_io()`).
  mutating func ioctlEP0(_ call: CallContext, _ ioctl: RawIoctl) -> CallOutcome {
    func refuse(_ errno: Errno, _ row: Int, _ why: Refusal?) -> CallOutcome {
      .returned(.failure(errno, ioctl, row: row, why: why))
    }
    let io: EndpointIO
    switch takeIO(call, ioctl) {
    case .failure(let failure): return .returned(failure.result)
    case .success(let value): io = value
    }
    let bound: Bound
    switch running(call, ioctl, row: 6) {
    case .failure(let failure): return .returned(failure.result)
    case .success(let value): bound = value
    }
    if bound.device.ep0TransferQueued { return refuse(.EBUSY, 8, .transferAlreadyQueued) }
    guard io.isRead ? bound.device.ep0OutPending : bound.device.ep0InPending else {
      return refuse(.EBUSY, 9, .wrongDirection)
    }
    guard !(bound.device.ep0InPending && bound.device.ep0OutPending) else {
      setState(call.device, .failed)
      return refuse(.ENODEV, 10, nil)
    }
    drivers.devices[call.device]?.ep0TransferQueued = true
    sleep(call, ioctl, .ep0(io))
    let request = GadgetRequest(
      owner: .ep0, device: call.device, buffer: io.data, length: io.length, zero: io.zero)
    let status = queueRequest(request, endpoint: 0, controller: bound.controller)
    guard status < 0 else { return outcome(of: call.thread) }
    drivers.pending[call.thread] = nil
    drivers.devices[call.device]?.ep0TransferQueued = false
    return refuseByUDC(call, ioctl, row: 11, status)
  }

  /// EP_WRITE and EP_READ: move data over an enabled endpoint (`raw_process_ep_io()`).
  mutating func ioctlEP(_ call: CallContext, _ ioctl: RawIoctl) -> CallOutcome {
    func refuse(_ errno: Errno, _ row: Int, _ why: Refusal?) -> CallOutcome {
      .returned(.failure(errno, ioctl, row: row, why: why))
    }
    let io: EndpointIO
    switch takeIO(call, ioctl) {
    case .failure(let failure): return .returned(failure.result)
    case .success(let value): io = value
    }
    let bound: Bound
    switch running(call, ioctl, row: 6) {
    case .failure(let failure): return .returned(failure.result)
    case .success(let value): bound = value
    }
    guard bound.device.endpoints.indices.contains(io.endpoint) else {
      return refuse(.EINVAL, 8, .handleOutOfRange)
    }
    let endpoint = bound.device.endpoints[io.endpoint]
    guard endpoint.enabled else { return refuse(.EBUSY, 9, .endpointNotEnabled) }
    if endpoint.disabling { return refuse(.EBUSY, 10, .disableInProgress) }
    if endpoint.transferQueued { return refuse(.EBUSY, 11, .transferAlreadyQueued) }
    guard endpoint.descriptor?.isIn == !io.isRead else {
      return refuse(.EINVAL, 12, .wrongDirection)
    }
    setTransferQueued(call.device, io.endpoint, true)
    sleep(call, ioctl, .endpoint(io, handle: io.endpoint))
    let request = GadgetRequest(
      owner: .endpoint(io.endpoint), device: call.device, buffer: io.data, length: io.length,
      zero: io.zero)
    let status = queueRequest(
      request, endpoint: io.endpoint + 1, controller: bound.controller)
    guard status < 0 else { return outcome(of: call.thread) }
    drivers.pending[call.thread] = nil
    setTransferQueued(call.device, io.endpoint, false)
    return refuseByUDC(call, ioctl, row: 13, status)
  }

  /// How a call stands whose request may have completed while it was queued.
  private mutating func outcome(of thread: ThreadID) -> CallOutcome {
    guard drivers.pending[thread] == nil, let result = drivers.finished.removeValue(forKey: thread)
    else {
      return .blocked
    }
    return .returned(result)
  }

  private mutating func refuseByUDC(
    _ call: CallContext, _ ioctl: RawIoctl, row: Int, _ status: Int
  ) -> CallOutcome {
    let error = Errno(negated: status) ?? .EIO
    if drivers.policy.refusedTransferFails { setState(call.device, .failed) }
    return .returned(.failure(error, ioctl, row: row, why: .udcQueue(error)))
  }
}
