import USB

extension DriverSide {
  /// VBUS_DRAW: the controller's answer is ignored (`raw_ioctl_vbus_draw()`).
  mutating func ioctlVbusDraw(_ call: CallContext) -> CallResult {
    switch running(call, .vbusDraw, row: 4) {
    case .failure(let failure): failure.result
    case .success: .success(0)
    }
  }
}
