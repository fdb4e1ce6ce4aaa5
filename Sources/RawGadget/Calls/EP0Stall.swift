import USB

extension DriverSide {
  /// EP0_STALL: refuses the pending control request (`raw_ioctl_ep0_stall()`).
  mutating func ioctlEP0Stall(_ call: CallContext) -> CallResult {
    guard call.value == 0 else { return .failure(.EINVAL, .ep0Stall, row: 1) }
    let bound: Bound
    switch running(call, .ep0Stall, row: 2) {
    case .failure(let failure): return failure.result
    case .success(let value): bound = value
    }
    if bound.device.ep0TransferQueued {
      return .failure(.EBUSY, .ep0Stall, row: 4, why: .transferAlreadyQueued)
    }
    guard bound.device.ep0InPending || bound.device.ep0OutPending else {
      return .failure(.EBUSY, .ep0Stall, row: 5, why: .nothingPending)
    }
    let status = setHalt(endpoint: 0, controller: bound.controller, halt: true, wedge: false)
    drivers.devices[call.device]?.ep0InPending = false
    drivers.devices[call.device]?.ep0OutPending = false
    guard let error = Errno(negated: status) else { return .success(0) }
    return .failure(error, .ep0Stall, row: 6, why: .udcHalt(error))
  }
}
