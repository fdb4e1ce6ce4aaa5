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
    func call(
      _ name: String, _ layout: IoctlLayout, _ function: String,
      since: Interface = .firstPosting
    ) -> Entry {
      Entry(name: name, layout: layout, function: "raw_ioctl_" + function, since: since)
    }
    return switch self {
    case .`init`: call("INIT", .names, "init")
    case .run: call("RUN", .nothing, "run")
    case .eventFetch: call("EVENT_FETCH", .event, "event_fetch")
    case .ep0Write: call("EP0_WRITE", .sent, "ep0_write")
    case .ep0Read: call("EP0_READ", .received, "ep0_read")
    case .epEnable: call("EP_ENABLE", .descriptor, "ep_enable")
    case .epDisable: call("EP_DISABLE", .number, "ep_disable")
    case .epWrite: call("EP_WRITE", .sent, "ep_write")
    case .epRead: call("EP_READ", .received, "ep_read")
    case .configure: call("CONFIGURE", .nothing, "configure")
    case .vbusDraw: call("VBUS_DRAW", .number, "vbus_draw")
    case .epsInfo: call("EPS_INFO", .endpoints, "eps_info", since: .mainline)
    case .ep0Stall: call("EP0_STALL", .nothing, "ep0_stall", since: .mainline)
    case .epSetHalt:
      call("EP_SET_HALT", .number, "ep_set_clear_halt_wedge", since: .mainline)
    case .epClearHalt:
      call("EP_CLEAR_HALT", .number, "ep_set_clear_halt_wedge", since: .mainline)
    case .epSetWedge:
      call("EP_SET_WEDGE", .number, "ep_set_clear_halt_wedge", since: .mainline)
    }
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

/// Sizes in bytes of the structures that cross the border (`linux/usb/raw_gadget.h`).
public enum RawLayout {
  /// `UDC_NAME_LENGTH_MAX`, also the size of each name in `struct usb_raw_init`.
  public static let nameSize = 128
  /// `struct usb_raw_init`: two names and a speed byte.
  public static let initSize = 257
  /// `struct usb_raw_init` of v1: a 64-bit speed and two pointers.
  public static let initSizeV1 = 24
  /// `struct usb_raw_event` and `struct usb_raw_ep_io` without their data.
  public static let headerSize = 8
  /// `struct usb_endpoint_descriptor`, the audio form.
  public static let endpointDescriptorSize = 9
  /// `struct usb_raw_ep_info`.
  public static let epInfoSize = 32
  /// `USB_RAW_EPS_NUM_MAX`.
  public static let maxEndpoints = 30
  /// `struct usb_raw_eps_info`.
  public static let epsInfoSize = 960
  /// Entries of the driver's event queue (`RAW_EVENT_QUEUE_SIZE`).
  public static let eventQueueSize = 16
}

/// The kinds of event, numbered as `enum usb_raw_event_type`.
public enum RawEventType: UInt32, Equatable, Sendable, CaseIterable {
  case invalid = 0
  case connect = 1
  case control = 2
  case suspend = 3
  case resume = 4
  case reset = 5
  case disconnect = 6

  /// The name without its prefix, such as `CONNECT`.
  public var name: String { String(describing: self).uppercased() }
}
