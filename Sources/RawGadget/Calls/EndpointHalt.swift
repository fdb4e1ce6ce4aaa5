import USB

extension DriverSide {
  /// EP_SET_HALT, EP_CLEAR_HALT and EP_SET_WEDGE
  /// (`raw_ioctl_ep_set_clear_halt_wedge()`).
  mutating func halt(_ call: CheckedCall) throws(CallRefusal) -> CallResult {
    let status = setHalt(
      endpoint: call.handle + 1, controller: call.controller, halt: call.ioctl != .epClearHalt,
      wedge: call.ioctl == .epSetWedge)
    if let error = Errno(negated: status) { throw call.ioctl.refusal(.udcHalt, error) }
    return .success(0)
  }
}
