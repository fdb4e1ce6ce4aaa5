import USB

extension DriverSide {
  /// EPS_INFO: describes the endpoints in handle order (`raw_ioctl_eps_info()`).
  mutating func describeEndpoints(_ call: CheckedCall) throws(CallRefusal) -> CallResult {
    let count = drivers.devices[call.device]?.endpoints.count ?? 0
    var info = gadget(call.controller).endpoints.prefix(count).flatMap(\.info)
    info += [UInt8](repeating: 0, count: max(0, RawLayout.epsInfoSize - info.count))
    guard
      copyOut(
        call.thread, info, object: "info", isConstant: true, to: call.memory, offset: 0)
    else { throw call.ioctl.refusal(.resultUnwritable) }
    return .success(count, written: info)
  }
}
