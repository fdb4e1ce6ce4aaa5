import USB

/// The calls of `/dev/raw-gadget`, numbered as in `linux/usb/raw_gadget.h`.
public enum RawIoctl: UInt8, Equatable, Hashable, Sendable, CaseIterable {
  case `init` = 0
  case run = 1
  case eventFetch = 2
  case ep0Write = 3
  case ep0Read = 4
  case epEnable = 5
  case epDisable = 6
  case epWrite = 7
  case epRead = 8
  case configure = 9
  case vbusDraw = 10
  case epsInfo = 11
  case ep0Stall = 12
  case epSetHalt = 13
  case epClearHalt = 14
  case epSetWedge = 15

  /// One call: everything about it that is not what it does.
  public struct Entry: Equatable, Sendable {
    /// The name without its prefix, such as `EP0_WRITE`.
    public var name: String
    /// What its argument is.
    public var layout: IoctlLayout
    /// The function of `raw_gadget.c` that serves it.
    public var function: String
    /// The state of the driver's interface it came with.
    public var since: Interface
    /// What is looked at before the call does anything, in this order.
    public var checks: CallChecks
    /// What can still refuse it while it does its work, in this order.
    public var later: CallChecks
  }

  /// States of the driver's interface, each with all calls of those before it.
  public enum Interface: Int, Equatable, Sendable, CaseIterable, Comparable {
    /// As posted in November 2019.
    case firstPosting
    /// As in mainline, with endpoint information, stalls and halts.
    case mainline

    /// Orders by age, the oldest first.
    public static func < (a: Interface, b: Interface) -> Bool { a.rawValue < b.rawValue }
  }

  /// The table of all calls.
  public var entry: Entry {
    switch self {
    case .`init`:
      call(
        "INIT", .names, "init",
        checks: [
          .argumentUnreadable: .EFAULT, .unknownSpeed: .EINVAL,
          .driverNameUnreadable: .EFAULT, .driverNameUnterminated: .E2BIG,
          .deviceNameUnreadable: .EFAULT, .deviceNameUnterminated: .E2BIG,
          .stateNotOpened: .EINVAL,
        ])
    case .run:
      call(
        "RUN", .nothing, "run",
        checks: [.argumentNotZero: .EINVAL, .stateNotInitialized: .EINVAL],
        later: [.register: nil])
    case .eventFetch:
      call(
        "EVENT_FETCH", .event, "event_fetch",
        checks: [.argumentUnreadable: .EFAULT] + Self.running,
        later: [.signal: .EINTR, .queueEmpty: .ENODEV, .resultUnwritable: .EFAULT])
    case .ep0Write:
      call("EP0_WRITE", .sent, "ep0_write", checks: Self.sent + Self.reply, later: Self.transfer)
    case .ep0Read:
      call(
        "EP0_READ", .received, "ep0_read", checks: Self.received + Self.reply,
        later: Self.transfer + [.resultUnwritable: .EFAULT])
    case .epEnable:
      call(
        "EP_ENABLE", .descriptor, "ep_enable",
        checks: [.argumentUnreadable: .EFAULT, .maxPacketZero: .EINVAL] + Self.running
          + [.noEndpointMatches: .EINVAL, .matchingEndpointsAllTaken: .EBUSY],
        later: [.udcEnable: nil])
    case .epDisable: call("EP_DISABLE", .number, "ep_disable", checks: Self.resting)
    case .epWrite:
      call("EP_WRITE", .sent, "ep_write", checks: Self.sent + Self.ready, later: Self.transfer)
    case .epRead:
      call(
        "EP_READ", .received, "ep_read", checks: Self.received + Self.ready,
        later: Self.transfer + [.resultUnwritable: .EFAULT])
    case .configure:
      call(
        "CONFIGURE", .nothing, "configure",
        checks: [.argumentNotZero: .EINVAL] + Self.running)
    case .vbusDraw: call("VBUS_DRAW", .number, "vbus_draw", checks: Self.running)
    case .epsInfo:
      call(
        "EPS_INFO", .endpoints, "eps_info", since: .mainline, checks: Self.running,
        later: [.resultUnwritable: .EFAULT])
    case .ep0Stall:
      call(
        "EP0_STALL", .nothing, "ep0_stall", since: .mainline,
        checks: [.argumentNotZero: .EINVAL] + Self.running
          + [.replyAlreadyQueued: .EBUSY, .nothingPending: .EBUSY],
        later: [.udcHalt: nil])
    case .epSetHalt: halt("EP_SET_HALT")
    case .epClearHalt: halt("EP_CLEAR_HALT")
    case .epSetWedge: halt("EP_SET_WEDGE")
    }
  }

  private func call(
    _ name: String, _ layout: IoctlLayout, _ function: String, since: Interface = .firstPosting,
    checks: CallChecks, later: CallChecks = [:]
  ) -> Entry {
    Entry(
      name: name, layout: layout, function: "raw_ioctl_" + function, since: since, checks: checks,
      later: later)
  }

  private func halt(_ name: String) -> Entry {
    call(
      name, .number, "ep_set_clear_halt_wedge", since: .mainline,
      checks: Self.resting + [.isochronous: .EINVAL], later: [.udcHalt: nil])
  }

  // MARK: Checks that calls have in common

  private static var running: CallChecks { [.stateNotRunning: .EINVAL, .gadgetNotBound: .EBUSY] }

  private static var received: CallChecks {
    [
      .argumentUnreadable: .EFAULT, .endpointOutOfRange: .EINVAL, .unknownFlags: .EINVAL,
      .lengthBeyondLimit: .EINVAL, .outOfMemory: .ENOMEM,
    ]
  }

  private static var sent: CallChecks { received + [.dataUnreadable: .EFAULT] }

  private static var reply: CallChecks {
    running + [
      .replyAlreadyQueued: .EBUSY, .requestDirection: .EBUSY, .bothDirectionsPending: .ENODEV,
    ]
  }

  private static var ready: CallChecks {
    running + [
      .handleOutOfRange: .EINVAL, .endpointNotEnabled: .EBUSY, .disableInProgress: .EBUSY,
      .transferAlreadyQueued: .EBUSY, .endpointDirection: .EINVAL,
    ]
  }

  private static var resting: CallChecks {
    running + [
      .handleOutOfRange: .EBUSY, .endpointNotEnabled: .EINVAL, .disableInProgress: .EINVAL,
      .transferInFlight: .EINVAL,
    ]
  }

  private static var transfer: CallChecks {
    [.udcQueue: nil, .signal: .EINTR, .transferFailed: nil]
  }

  /// The refusal of this call by a check, with the error of the table or the controller's own.
  func refusal(_ check: CallCheck, _ given: Errno? = nil) -> CallRefusal {
    let listed = (entry.checks.list + entry.later.list).first { $0.check == check }?.errno
    return CallRefusal(check, given ?? listed ?? .EINVAL)
  }

  /// What its argument is.
  public var layout: IoctlLayout { entry.layout }

  /// Bytes of the argument, as encoded in the number.
  public var argumentSize: Int { layout.size }

  /// The ioctl number: direction, argument size, type `U` and call.
  public var number: UInt32 { number(argumentSize: argumentSize) }

  /// The number this call has when its argument is that many bytes long.
  func number(argumentSize: Int) -> UInt32 {
    layout.directionBits << 30 | UInt32(truncatingIfNeeded: argumentSize) << 16 | 0x5500
      | UInt32(rawValue)
  }

  /// What all names in the header begin with.
  public static let prefix = "USB_RAW_IOCTL_"

  /// The name in the header, such as `USB_RAW_IOCTL_EP0_WRITE`.
  public var name: String { Self.prefix + shortName }

  /// The name without its prefix, such as `EP0_WRITE`.
  public var shortName: String { entry.name }

  /// The call of that name, with or without the header's prefix.
  public static func named(_ name: String) -> RawIoctl? {
    let short = name.hasPrefix(prefix) ? String(name.dropFirst(prefix.count)) : name
    return allCases.first { $0.shortName == short }
  }
}
