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
