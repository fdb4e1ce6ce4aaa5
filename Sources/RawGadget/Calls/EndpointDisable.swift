import USB

extension DriverSide {
  /// EP_DISABLE: gives an endpoint back (`raw_ioctl_ep_disable()`).
  mutating func disable(_ call: CheckedCall) -> CallResult {
    drivers.devices[call.device]?.endpoints[call.handle].disabling = true
    disableEndpoint(call.handle + 1, controller: call.controller)
    drivers.devices[call.device]?.endpoints[call.handle] = RawDevice.Endpoint()
    return .success(0)
  }
}
