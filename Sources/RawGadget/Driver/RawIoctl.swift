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

  /// Bits 30 and 31 of the number: 0 none, 1 write, 2 read, 3 both.
  var directionBits: UInt32 {
    switch self {
    case .run, .configure, .ep0Stall: 0
    case .eventFetch, .epsInfo: 2
    case .ep0Read, .epRead: 3
    default: 1
    }
  }

  /// Bytes of the argument, as encoded in the number.
  public var argumentSize: Int {
    switch self {
    case .`init`: RawLayout.initSize
    case .run, .configure, .ep0Stall: 0
    case .eventFetch, .ep0Write, .ep0Read, .epWrite, .epRead: RawLayout.headerSize
    case .epEnable: RawLayout.endpointDescriptorSize
    case .epsInfo: RawLayout.epsInfoSize
    case .epDisable, .vbusDraw, .epSetHalt, .epClearHalt, .epSetWedge: 4
    }
  }

  /// The ioctl number: direction, argument size, type `U` and call.
  public var number: UInt32 { number(argumentSize: argumentSize) }

  /// The number this call has when its argument is that many bytes long.
  func number(argumentSize: Int) -> UInt32 {
    directionBits << 30 | UInt32(truncatingIfNeeded: argumentSize) << 16 | 0x5500
      | UInt32(rawValue)
  }

  /// The name in the header, such as `USB_RAW_IOCTL_EP0_WRITE`.
  public var name: String { "USB_RAW_IOCTL_" + shortName }

  /// The name without its prefix, such as `EP0_WRITE`.
  public var shortName: String {
    switch self {
    case .`init`: "INIT"
    case .run: "RUN"
    case .eventFetch: "EVENT_FETCH"
    case .ep0Write: "EP0_WRITE"
    case .ep0Read: "EP0_READ"
    case .epEnable: "EP_ENABLE"
    case .epDisable: "EP_DISABLE"
    case .epWrite: "EP_WRITE"
    case .epRead: "EP_READ"
    case .configure: "CONFIGURE"
    case .vbusDraw: "VBUS_DRAW"
    case .epsInfo: "EPS_INFO"
    case .ep0Stall: "EP0_STALL"
    case .epSetHalt: "EP_SET_HALT"
    case .epClearHalt: "EP_CLEAR_HALT"
    case .epSetWedge: "EP_SET_WEDGE"
    }
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
  /// `struct usb_ctrlrequest`.
  public static let controlRequestSize = 8
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
