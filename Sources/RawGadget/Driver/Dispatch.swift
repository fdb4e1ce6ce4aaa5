import USB

extension DriverSide {
  /// `raw_ioctl()`: finds the call by its whole number.
  mutating func ioctl(_ call: CallContext, number: UInt32) -> CallOutcome {
    guard drivers.devices[call.device] != nil else {
      return .returned(.refused(.deviceGone, .EBUSY))
    }
    guard let ioctl = known(number) else { return .returned(.refused(.unknownCall, .EINVAL)) }
    enterFrames(call.thread, ioctl)
    guard case .returned(var result) = make(call, ioctl) else { return .blocked }
    result.killed = leaveFrames(call.thread)
    return .returned(result)
  }

  /// Checks a call, then lets it do its work.
  private mutating func make(_ call: CallContext, _ ioctl: RawIoctl) -> CallOutcome {
    do throws(CallRefusal) {
      return try work(checked(call, ioctl))
    } catch {
      // What is no check of the table came up while the call did its work.
      if !ioctl.entry.checks.list.contains(where: { $0.check == error.check }) {
        noteCheck(call.thread, error.check, failed: true)
      }
      // v1 returns what copy_from_user() left, a positive result.
      if ioctl == .`init`, error.check == .argumentUnreadable, !drivers.policy.reportsBadPointer {
        let size = drivers.argumentSize(of: ioctl)
        return .returned(.success(size - min(size, call.memory.readable)))
      }
      return .returned(.refused(error))
    }
  }

  private mutating func work(_ call: CheckedCall) throws(CallRefusal) -> CallOutcome {
    switch call.ioctl {
    case .`init`: .returned(initialize(call))
    case .run: .returned(try run(call))
    case .eventFetch: fetch(call)
    case .ep0Write, .ep0Read: try transferEP0(call)
    case .ep0Stall: .returned(try stallEP0(call))
    case .epEnable: .returned(try enable(call))
    case .epDisable: .returned(disable(call))
    case .epSetHalt, .epClearHalt, .epSetWedge: .returned(try halt(call))
    case .epWrite, .epRead: try transfer(call)
    case .configure: .returned(configure(call))
    case .vbusDraw: .returned(.success(0))  // The controller's answer is ignored.
    case .epsInfo: .returned(try describeEndpoints(call))
    }
  }

  private func known(_ number: UInt32) -> RawIoctl? {
    guard let ioctl = RawIoctl(rawValue: UInt8(truncatingIfNeeded: number)),
      ioctl.entry.since <= drivers.policy.interface, drivers.number(of: ioctl) == number
    else { return nil }
    return ioctl
  }
}
