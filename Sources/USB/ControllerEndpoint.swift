/// One endpoint a USB device controller offers: its name and what it can do.
public struct ControllerEndpoint: Equatable, Sendable {
  /// The name, such as `ep1in-bulk`.
  public var name: String
  /// The fixed endpoint number, or 255 when any number will do.
  public var address: UInt32
  /// True when it takes bulk transfers.
  public var bulk: Bool
  /// True when it takes interrupt transfers.
  public var interrupt: Bool
  /// True when it can send.
  public var directionIn: Bool
  /// True when it can receive.
  public var directionOut: Bool
  /// Largest packet in bytes.
  public var maxPacketLimit: UInt16
  /// Streams of USB 3 bulk endpoints.
  public var maxStreams: UInt16

  /// The number of an endpoint that can take any (`USB_RAW_EP_ADDR_ANY`).
  public static let anyAddress: UInt32 = 255

  /// An endpoint for bulk or interrupt transfers in one direction; nil takes any number.
  package init(_ name: String, number: UInt32?, bulk: Bool, interrupt: Bool, isIn: Bool) {
    self.name = name
    address = number ?? Self.anyAddress
    self.bulk = bulk
    self.interrupt = interrupt
    directionIn = isIn
    directionOut = !isIn
    maxPacketLimit = 65535
    maxStreams = 16
  }

  /// Whether an endpoint of that descriptor could live here (`usb_gadget_ep_match_desc()`
  /// together with the driver's own test of the number).
  ///
  /// - Parameters:
  ///   - descriptor: the descriptor.
  ///   - maxSpeed: the fastest its controller can be.
  public func fits(
    _ descriptor: EndpointDescriptor, maxSpeed: UsbSpeed = .high
  ) -> Bool {
    if maxSpeed < .high {
      // More than one packet a microframe, and long ones, need high speed.
      if descriptor.wMaxPacketSize >> 11 & 3 != 0 { return false }
      if descriptor.type == .interrupt, descriptor.maxPacket > 64 { return false }
    }
    if address != Self.anyAddress, address != UInt32(descriptor.number) { return false }
    guard descriptor.isIn ? directionIn : directionOut else { return false }
    return switch descriptor.type {
    case .bulk: bulk
    case .interrupt: interrupt || bulk
    case .control, .isochronous: false
    }
  }
}
