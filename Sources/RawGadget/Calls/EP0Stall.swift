import USB

extension DriverSide {
  /// EP0_STALL: refuses the pending control request (`raw_ioctl_ep0_stall()`).
  mutating func stallEP0(_ call: CheckedCall) throws(CallRefusal) -> CallResult {
    let status = setHalt(endpoint: 0, controller: call.controller, halt: true, wedge: false)
    drivers.devices[call.device]?.ep0InPending = false
    drivers.devices[call.device]?.ep0OutPending = false
    if let error = Errno(negated: status) { throw call.ioctl.refusal(.udcHalt, error) }
    return .success(0)
  }
}
