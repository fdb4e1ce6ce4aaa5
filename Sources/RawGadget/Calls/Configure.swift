import USB

extension DriverSide {
  /// CONFIGURE: the gadget's state in sysfs becomes configured (`raw_ioctl_configure()`).
  mutating func ioctlConfigure(_ call: CallContext) -> CallResult {
    guard call.value == 0 else { return .failure(.EINVAL, .configure, row: 1) }
    switch running(call, .configure, row: 2) {
    case .failure(let failure): return failure.result
    case .success(let bound):
      markConfigured(bound.controller)
      return .success(0)
    }
  }
}
