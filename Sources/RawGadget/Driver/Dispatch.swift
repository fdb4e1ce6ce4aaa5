import USB

extension DriverSide {
  /// `raw_ioctl()`: finds the call by its whole number.
  mutating func ioctl(_ call: CallContext, number: UInt32) -> CallOutcome {
    guard drivers.devices[call.device] != nil else { return .returned(.failure(.EBUSY, row: 7)) }
    guard let ioctl = known(number) else { return .returned(.failure(.EINVAL, row: 7)) }
    enterFrames(call.thread, ioctl)
    guard case .returned(var result) = dispatch(call, ioctl) else { return .blocked }
    result.killed = leaveFrames(call.thread)
    return .returned(result)
  }

  private mutating func dispatch(_ call: CallContext, _ ioctl: RawIoctl) -> CallOutcome {
    switch ioctl {
    case .`init`: return .returned(ioctlInit(call))
    case .run: return .returned(ioctlRun(call))
    case .eventFetch: return ioctlEventFetch(call)
    case .ep0Write: return ioctlEP0(call, .ep0Write)
    case .ep0Read: return ioctlEP0(call, .ep0Read)
    case .ep0Stall: return .returned(ioctlEP0Stall(call))
    case .epEnable: return .returned(ioctlEPEnable(call))
    case .epDisable: return .returned(ioctlEPDisable(call))
    case .epSetHalt, .epClearHalt, .epSetWedge: return .returned(ioctlHalt(call, ioctl))
    case .epWrite: return ioctlEP(call, .epWrite)
    case .epRead: return ioctlEP(call, .epRead)
    case .configure: return .returned(ioctlConfigure(call))
    case .vbusDraw: return .returned(ioctlVbusDraw(call))
    case .epsInfo: return .returned(ioctlEPsInfo(call))
    }
  }

  private func known(_ number: UInt32) -> RawIoctl? {
    guard let ioctl = RawIoctl(rawValue: UInt8(truncatingIfNeeded: number)),
      ioctl.entry.since <= drivers.policy.interface, drivers.number(of: ioctl) == number
    else { return nil }
    return ioctl
  }
}
