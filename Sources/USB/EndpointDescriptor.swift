/// An endpoint descriptor as EP_ENABLE takes it: nine bytes, the audio form.
public struct EndpointDescriptor: Equatable, Sendable {
  /// Bytes of the descriptor: 7, or 9 for audio.
  public var bLength: UInt8
  /// 5, ENDPOINT.
  public var bDescriptorType: UInt8
  /// The number in bits 0 to 3; bit 7 is set for IN.
  public var bEndpointAddress: UInt8
  /// The transfer type in bits 0 and 1.
  public var bmAttributes: UInt8
  /// Bytes of a packet in bits 0 to 10; further transactions a microframe in bits 11 and 12.
  public var wMaxPacketSize: UInt16
  /// How often the host polls, in units that depend on speed and type.
  public var bInterval: UInt8

  /// Reads the first seven of the nine bytes; shorter input counts as followed by zeros.
  public init(_ bytes: [UInt8]) {
    func at(_ index: Int) -> UInt8 { index < bytes.count ? bytes[index] : 0 }
    bLength = at(0)
    bDescriptorType = at(1)
    bEndpointAddress = at(2)
    bmAttributes = at(3)
    wMaxPacketSize = UInt16(low: at(4), high: at(5))
    bInterval = at(6)
  }

  /// The endpoint number, 0 … 15.
  public var number: UInt8 { bEndpointAddress & 0x0f }
  /// True for device to host.
  public var isIn: Bool { bEndpointAddress & 0x80 != 0 }
  /// The transfer type of bits 0 and 1 of `bmAttributes`.
  public var type: TransferType { TransferType(rawValue: bmAttributes & 3) ?? .control }
  /// Bits 0 … 10 of `wMaxPacketSize`, in bytes (`usb_endpoint_maxp()`).
  public var maxPacket: Int { Int(wMaxPacketSize & 0x7ff) }
}
