import USB

extension DriverSide {
  /// EP_ENABLE: takes the first free endpoint the descriptor fits (`raw_ioctl_ep_enable()`).
  mutating func ioctlEPEnable(_ call: CallContext) -> CallResult {
    func refuse(_ errno: Errno, _ row: Int, _ why: Refusal?) -> CallResult {
      .failure(errno, .epEnable, row: row, why: why)
    }
    guard
      let arg = copyArgument(
        call.thread, from: call.memory, size: RawLayout.endpointDescriptorSize, object: "desc")
    else { return refuse(.EFAULT, 1, nil) }
    let descriptor = EndpointDescriptor(arg)
    if drivers.policy.refusesZeroPacketSize, descriptor.maxPacket == 0 {
      return refuse(.EINVAL, 2, .maxPacketZero)
    }
    let bound: Bound
    switch running(call, .epEnable, row: 3) {
    case .failure(let failure): return failure.result
    case .success(let value): bound = value
    }
    let gadget = gadget(bound.controller)
    let fitting = bound.device.endpoints.indices.filter {
      gadget.endpoints[$0].fits(descriptor, maxSpeed: gadget.maxSpeed)
    }
    guard let handle = fitting.first(where: { !bound.device.endpoints[$0].enabled }) else {
      return fitting.isEmpty
        ? refuse(.EINVAL, 5, .noEndpointMatches) : refuse(.EBUSY, 6, .matchingEndpointsAllTaken)
    }
    let status = enableEndpoint(handle + 1, controller: bound.controller, descriptor)
    if let error = Errno(negated: status) {
      let row = error == .ESHUTDOWN ? 8 : descriptor.bDescriptorType == 5 ? 9 : 7
      return refuse(error, row, .udcEnable(error))
    }
    drivers.devices[call.device]?.endpoints[handle].enabled = true
    drivers.devices[call.device]?.endpoints[handle].descriptor = descriptor
    return .success(handle)
  }
}
