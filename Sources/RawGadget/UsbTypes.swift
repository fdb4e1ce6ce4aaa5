/// Virtual time in microseconds since the machine was switched on.
public typealias Microseconds = UInt64

/// Device speeds with the numbers of `enum usb_device_speed`.
public enum UsbSpeed: UInt8, Equatable, Sendable, CaseIterable, Comparable {
  case unknown = 0
  case low = 1
  case full = 2
  case high = 3
  case wireless = 4
  case `super` = 5
  case superPlus = 6

  /// Orders by number, which is by bit rate for the speeds in use.
  public static func < (left: UsbSpeed, right: UsbSpeed) -> Bool { left.rawValue < right.rawValue }

  /// The words of `usb_speed_string()`.
  public var name: String {
    switch self {
    case .unknown: "UNKNOWN"
    case .low: "low-speed"
    case .full: "full-speed"
    case .high: "high-speed"
    case .wireless: "wireless"
    case .super: "super-speed"
    case .superPlus: "super-speed-plus"
    }
  }

  /// Megabits a second as the `speed` attribute of a device in sysfs gives them.
  var megabits: String {
    switch self {
    case .low: "1.5"
    case .full, .unknown: "12"
    case .high, .wireless: "480"
    case .super: "5000"
    case .superPlus: "10000"
    }
  }
}

/// The kinds of transfer, numbered as in bits 0 and 1 of `bmAttributes`.
public enum TransferType: UInt8, Equatable, Sendable {
  case control = 0
  case isochronous = 1
  case bulk = 2
  case interrupt = 3
}

/// The eight bytes that open a control transfer (`struct usb_ctrlrequest`).
public struct SetupPacket: Equatable, Sendable {
  public var bRequestType: UInt8
  public var bRequest: UInt8
  public var wValue: UInt16
  public var wIndex: UInt16
  public var wLength: UInt16

  /// A request of these fields.
  public init(
    _ bRequestType: UInt8, _ bRequest: UInt8, value: UInt16, index: UInt16, length: UInt16
  ) {
    self.bRequestType = bRequestType
    self.bRequest = bRequest
    wValue = value
    wIndex = index
    wLength = length
  }

  /// True when the direction bit says device to host.
  public var isIn: Bool { bRequestType & 0x80 != 0 }

  /// True when the data stage moves bytes to the host: direction IN and a length above 0.
  public var movesIn: Bool { isIn && wLength > 0 }

  /// The eight bytes as they cross the bus.
  public var bytes: [UInt8] {
    [
      bRequestType, bRequest, wValue.lowByte, wValue.highByte, wIndex.lowByte, wIndex.highByte,
      wLength.lowByte, wLength.highByte,
    ]
  }
}

extension UInt16 {
  var lowByte: UInt8 { UInt8(truncatingIfNeeded: self) }
  var highByte: UInt8 { UInt8(truncatingIfNeeded: self >> 8) }

  init(low: UInt8, high: UInt8) { self = UInt16(low) | UInt16(high) << 8 }
}

/// An endpoint descriptor as EP_ENABLE takes it: nine bytes, the audio form.
public struct EndpointDescriptor: Equatable, Sendable {
  public var bLength: UInt8
  public var bDescriptorType: UInt8
  public var bEndpointAddress: UInt8
  public var bmAttributes: UInt8
  public var wMaxPacketSize: UInt16
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
