import USB

extension DriverSide {
  /// The argument of calls that take a handle, cut to `int` as the driver's prototype does.
  func handle(_ call: CallContext) -> Int { Int(Int32(truncatingIfNeeded: call.value)) }

  /// EP_DISABLE: gives an endpoint back (`raw_ioctl_ep_disable()`).
  mutating func ioctlEPDisable(_ call: CallContext) -> CallResult {
    let bound: Bound
    switch running(call, .epDisable, row: 1) {
    case .failure(let failure): return failure.result
    case .success(let value): bound = value
    }
    let handle = handle(call)
    if let refused = refuseEndpoint(bound.device, handle, .epDisable, firstRow: 3) {
      return refused
    }
    drivers.devices[call.device]?.endpoints[handle].disabling = true
    disableEndpoint(handle + 1, controller: bound.controller)
    drivers.devices[call.device]?.endpoints[handle] = RawDevice.Endpoint()
    return .success(0)
  }

  /// The checks EP_DISABLE and the halt calls share: range, enabled, not disabling, no transfer.
  func refuseEndpoint(
    _ device: RawDevice, _ handle: Int, _ ioctl: RawIoctl, firstRow: Int
  ) -> CallResult? {
    guard device.endpoints.indices.contains(handle) else {
      return .failure(.EBUSY, ioctl, row: firstRow, why: .handleOutOfRange)
    }
    let endpoint = device.endpoints[handle]
    if !endpoint.enabled {
      return .failure(.EINVAL, ioctl, row: firstRow + 1, why: .endpointNotEnabled)
    }
    if endpoint.disabling {
      return .failure(.EINVAL, ioctl, row: firstRow + 2, why: .disableInProgress)
    }
    if endpoint.transferQueued {
      return .failure(.EINVAL, ioctl, row: firstRow + 3, why: .transferInFlight)
    }
    return nil
  }
}
