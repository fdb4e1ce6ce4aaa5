import USB

extension DriverSide {
  /// EP_ENABLE: takes the first free endpoint the descriptor fits (`raw_ioctl_ep_enable()`).
  mutating func enable(_ call: CheckedCall) throws(CallRefusal) -> CallResult {
    let descriptor = call.descriptor
    let status = enableEndpoint(call.handle + 1, controller: call.controller, descriptor)
    if let error = Errno(negated: status) { throw call.ioctl.refusal(.udcEnable, error) }
    drivers.devices[call.device]?.endpoints[call.handle].enabled = true
    drivers.devices[call.device]?.endpoints[call.handle].descriptor = descriptor
    return .success(call.handle)
  }
}
