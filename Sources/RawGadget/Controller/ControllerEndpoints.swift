public import USB

/// One endpoint a USB device controller offers: its name and what it can do.
public struct ControllerEndpoint: Equatable, Sendable {
  /// The name, such as `ep1in-bulk`.
  public var name: String
  /// The fixed endpoint number, or 255 when any number will do.
  public var address: UInt32
  public var bulk: Bool
  public var interrupt: Bool
  public var directionIn: Bool
  public var directionOut: Bool
  /// Largest packet in bytes.
  public var maxPacketLimit: UInt16
  /// Streams of USB 3 bulk endpoints.
  public var maxStreams: UInt16

  /// The number of an endpoint that can take any (`USB_RAW_EP_ADDR_ANY`).
  public static let anyAddress: UInt32 = 255

  init(_ name: String, number: UInt32?, bulk: Bool, interrupt: Bool, isIn: Bool) {
    self.name = name
    address = number ?? Self.anyAddress
    self.bulk = bulk
    self.interrupt = interrupt
    directionIn = isIn
    directionOut = !isIn
    maxPacketLimit = 65535
    maxStreams = 16
  }

  /// The 32 bytes of `struct usb_raw_ep_info`.
  public var info: [UInt8] {
    var bytes = [UInt8](repeating: 0, count: RawLayout.epInfoSize)
    for (index, byte) in name.utf8.prefix(15).enumerated() { bytes[index] = byte }
    let capabilities: [Bool] = [false, false, bulk, interrupt, directionIn, directionOut]
    var bits: UInt32 = 0
    for (bit, set) in capabilities.enumerated() where set { bits |= 1 << UInt32(bit) }
    for index in 0..<4 {
      bytes[16 + index] = UInt8(truncatingIfNeeded: address >> (8 * UInt32(index)))
      bytes[20 + index] = UInt8(truncatingIfNeeded: bits >> (8 * UInt32(index)))
    }
    bytes[24] = maxPacketLimit.lowByte
    bytes[25] = maxPacketLimit.highByte
    bytes[26] = maxStreams.lowByte
    bytes[27] = maxStreams.highByte
    return bytes
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

  /// The 24 endpoints of dummy_udc that are no isochronous ones, in handle order
  /// (`ep_info` of `dummy_hcd.c`).
  public static let dummyUDC: [ControllerEndpoint] = {
    let fixed: [(String, UInt32, Bool, Bool)] = [
      ("ep1in-bulk", 1, true, true), ("ep2out-bulk", 2, true, false), ("ep5in-int", 5, false, true),
      ("ep6in-bulk", 6, true, true), ("ep7out-bulk", 7, true, false),
      ("ep10in-int", 10, false, true), ("ep11in-bulk", 11, true, true),
      ("ep12out-bulk", 12, true, false), ("ep15in-int", 15, false, true),
      ("ep1out-bulk", 1, true, false), ("ep2in-bulk", 2, true, true),
    ]
    let generic = [
      "ep-aout", "ep-bin", "ep-cout", "ep-dout", "ep-ein", "ep-fout", "ep-gin", "ep-hout",
      "ep-iout", "ep-jin", "ep-kout", "ep-lin", "ep-mout",
    ]
    return fixed.map { ControllerEndpoint($0, number: $1, bulk: $2, interrupt: !$2, isIn: $3) }
      + generic.map {
        ControllerEndpoint($0, number: nil, bulk: true, interrupt: true, isIn: $0.hasSuffix("in"))
      }
  }()
}
