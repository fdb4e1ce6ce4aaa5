import USB

/// What the third argument of a call of `/dev/raw-gadget` is.
public enum IoctlLayout: Equatable, Sendable {
  /// Nothing: the call is an `_IO()`.
  case nothing
  /// A plain number, a handle or a power, though the header calls it a pointer to an `__u32`.
  case number
  /// A pointer to `struct usb_raw_init`: two names and a speed.
  case names
  /// A pointer to `struct usb_raw_event`, with room behind it for what the event brings.
  case event
  /// A pointer to `struct usb_raw_ep_io` with the data to send behind it.
  case sent
  /// A pointer to `struct usb_raw_ep_io` with room for the data to receive behind it.
  case received
  /// A pointer to `struct usb_endpoint_descriptor`.
  case descriptor
  /// A pointer to room for `struct usb_raw_eps_info`.
  case endpoints
  /// A pointer to that many bytes, of a call the driver does not know.
  case unknown(size: Int)

  /// Bits 30 and 31 of the call's number: 0 none, 1 the kernel reads, 2 it writes, 3 both.
  public var directionBits: UInt32 {
    switch self {
    case .nothing: 0
    case .number, .names, .sent, .descriptor: 1
    case .event, .endpoints: 2
    case .received, .unknown: 3
    }
  }

  /// Bytes of the argument, as encoded in the call's number.
  public var size: Int {
    switch self {
    case .nothing: 0
    case .number: 4
    case .names: RawLayout.initSize
    case .event, .sent, .received: RawLayout.headerSize
    case .descriptor: RawLayout.endpointDescriptorSize
    case .endpoints: RawLayout.epsInfoSize
    case .unknown(let size): size
    }
  }

  /// True when the argument is the address of something.
  public var isPointer: Bool {
    switch self {
    case .nothing, .number: false
    case .names, .event, .sent, .received, .descriptor, .endpoints, .unknown: true
    }
  }

  /// Bytes at its start that the kernel reads before it does anything else, or that a program may have put
  /// there for a call nobody knows.
  public var readSize: Int {
    switch self {
    case .nothing, .number, .endpoints: 0
    case .names, .event, .sent, .received, .descriptor, .unknown: size
    }
  }

  /// True when the kernel writes to where the argument points.
  public var isWritten: Bool {
    if case .unknown = self { return false }
    return directionBits & 2 != 0
  }

  /// What the function of the call names the local it copies the argument to.
  var local: String? {
    switch self {
    case .nothing, .number, .endpoints, .unknown: nil
    case .names, .event, .sent, .received: "arg"
    case .descriptor: "desc"
    }
  }

  /// Bytes behind the header that a call reads and that it writes, as the header says.
  ///
  /// - Parameter header: the leading ``readSize`` bytes.
  public func dataLength(_ header: [UInt8]) -> (read: Int, written: Int) {
    guard header.count >= readSize else { return (0, 0) }
    switch self {
    case .nothing, .number, .names, .descriptor, .endpoints, .unknown: return (0, 0)
    case .event, .received: return (0, Int(littleEndianValue(header[4..<8])))
    case .sent: return (Int(littleEndianValue(header[4..<8])), 0)
    }
  }
}
