/// The eight bytes that open a control transfer (`struct usb_ctrlrequest`; chapter 9.3 of the USB 2.0
/// specification).
public struct SetupPacket: Equatable, Hashable, Sendable {
  /// Who defines a request: bits 5 and 6 of `bmRequestType`.
  public enum Definer: UInt8, Equatable, Sendable, CaseIterable {
    case standard = 0
    case `class` = 1
    case vendor = 2
    case reserved = 3
  }

  /// Direction (bit 7), who defines the request (6 and 5) and recipient (4 … 0).
  public var bmRequestType: UInt8
  /// The request.
  public var bRequest: UInt8
  /// A parameter of the request.
  public var wValue: UInt16
  /// Another one, often an interface or endpoint.
  public var wIndex: UInt16
  /// Bytes of the data stage.
  public var wLength: UInt16

  /// Bytes of every packet.
  public static let size = 8

  /// A request of these fields.
  public init(
    _ bmRequestType: UInt8, _ bRequest: UInt8, value: UInt16, index: UInt16, length: UInt16
  ) {
    self.bmRequestType = bmRequestType
    self.bRequest = bRequest
    wValue = value
    wIndex = index
    wLength = length
  }

  /// The request that the first eight bytes are, or nil when there are fewer.
  public init?(_ bytes: some Collection<UInt8>) {
    let head = Array(bytes.prefix(Self.size))
    guard head.count == Self.size else { return nil }
    self.init(
      head[0], head[1], value: UInt16(low: head[2], high: head[3]),
      index: UInt16(low: head[4], high: head[5]), length: UInt16(low: head[6], high: head[7]))
  }

  /// Who defines the request.
  public var definer: Definer { Definer(rawValue: bmRequestType >> 5 & 3) ?? .reserved }

  /// True when the direction bit says device to host.
  public var isIn: Bool { bmRequestType & 0x80 != 0 }

  /// True when the data stage moves bytes to the host: direction IN and a length above 0.
  public var movesIn: Bool { isIn && wLength > 0 }

  /// The eight bytes as they cross the bus.
  public var bytes: [UInt8] {
    [
      bmRequestType, bRequest, wValue.lowByte, wValue.highByte, wIndex.lowByte, wIndex.highByte,
      wLength.lowByte, wLength.highByte,
    ]
  }
}
