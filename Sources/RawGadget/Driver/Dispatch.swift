import USB

extension GadgetWorld {
  /// `raw_ioctl()`: finds the call by its whole number.
  mutating func ioctl(_ call: CallContext, number: UInt32) -> CallOutcome {
    guard devices[call.device] != nil else { return .returned(.failure(.EBUSY, row: 7)) }
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

  /// The number of a call in the header of this version of the driver.
  public func number(of ioctl: RawIoctl) -> UInt32 {
    ioctl == .`init` && policy.pointsToNames
      ? ioctl.number(argumentSize: RawLayout.initSizeV1) : ioctl.number
  }

  private func known(_ number: UInt32) -> RawIoctl? {
    guard let ioctl = RawIoctl(rawValue: UInt8(truncatingIfNeeded: number)),
      ioctl.entry.since <= policy.interface, self.number(of: ioctl) == number
    else { return nil }
    return ioctl
  }

  /// The device of a call, when it is RUNNING and its gadget is bound.
  func running(_ call: CallContext, _ ioctl: RawIoctl, row: Int) -> Result<Bound, CallFailure> {
    guard let device = devices[call.device], device.state == .running else {
      return .failure(CallFailure(.failure(.EINVAL, ioctl, row: row, why: .stateNotRunning)))
    }
    guard let controller = device.controller else {
      return .failure(CallFailure(.failure(.EBUSY, ioctl, row: row + 1, why: .gadgetNotBound)))
    }
    return .success(Bound(device: device, controller: controller))
  }
}

/// A running device and the controller its gadget is on.
struct Bound {
  var device: RawDevice
  var controller: Int
}

/// A refusal on its way out of a call.
struct CallFailure: Error {
  var result: CallResult

  init(_ result: CallResult) { self.result = result }
}
