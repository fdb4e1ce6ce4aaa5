import USB

extension DriverSide {
  /// EP_SET_HALT, EP_CLEAR_HALT and EP_SET_WEDGE
  /// (`raw_ioctl_ep_set_clear_halt_wedge()`).
  mutating func ioctlHalt(_ call: CallContext, _ ioctl: RawIoctl) -> CallResult {
    let bound: Bound
    switch running(call, ioctl, row: 1) {
    case .failure(let failure): return failure.result
    case .success(let value): bound = value
    }
    let handle = handle(call)
    if let refused = refuseEndpoint(bound.device, handle, ioctl, firstRow: 3) { return refused }
    if bound.device.endpoints[handle].descriptor?.type == .isochronous {
      return .failure(.EINVAL, ioctl, row: 7, why: .isochronous)
    }
    let status = setHalt(
      endpoint: handle + 1, controller: bound.controller, halt: ioctl != .epClearHalt,
      wedge: ioctl == .epSetWedge)
    guard let error = Errno(negated: status) else { return .success(0) }
    return .failure(error, ioctl, row: error == .EAGAIN ? 8 : 9, why: .udcHalt(error))
  }
}
