import USB

extension DriverSide {
  /// EPS_INFO: describes the endpoints in handle order (`raw_ioctl_eps_info()`).
  mutating func ioctlEPsInfo(_ call: CallContext) -> CallResult {
    let bound: Bound
    switch running(call, .epsInfo, row: 6) {
    case .failure(let failure): return failure.result
    case .success(let value): bound = value
    }
    let count = bound.device.endpoints.count
    var info = gadget(bound.controller).endpoints.prefix(count).flatMap(\.info)
    info += [UInt8](repeating: 0, count: max(0, RawLayout.epsInfoSize - info.count))
    guard copyOut(call.thread, info, object: "info", isConstant: true, to: call.memory, offset: 0)
    else {
      return .failure(.EFAULT, .epsInfo, row: 7)
    }
    return .success(count, written: info)
  }
}
