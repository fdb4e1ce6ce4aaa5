import USB

extension DriverSide {
  /// CONFIGURE: the gadget's state in sysfs becomes configured (`raw_ioctl_configure()`).
  mutating func configure(_ call: CheckedCall) -> CallResult {
    markConfigured(call.controller)
    return .success(0)
  }
}
