import USB

/// `sisusb`: adapters that have a graphics chip behind a bridge; all it is asked goes in packets by bulk endpoints.
struct Sisusb: Sendable, Equatable {
  static let name = "sisusb"
  static let ids =
    [0x0550, 0x0900, 0x0901, 0x0902, 0x0903, 0x0918, 0x0920, 0x0950, 0x5200].map {
      UsbID(0x0711, UInt16($0))
    } + [UsbID(0x182d, 0x021c), UsbID(0x182d, 0x0269)]

  /// The endpoints it works with.
  enum End: UInt8, Equatable, Sendable, CaseIterable {
    case graphicsIn = 0x8e
    case graphicsOut = 0x0e
    case memoryOut = 0x01
    case largeMemoryOut = 0x03
    case bridgeIn = 0x8d
    case bridgeOut = 0x0d
  }

  /// True once the bridge is set up.
  var isSetUp = false
  /// Bytes of the adapter's video memory.
  var memory: UInt32 = 0
  /// True once the probe is over: before nobody can open it.
  var isReady = false

  /// Whether a device is fast enough to be set up.
  static func isFast(_ speed: UsbSpeed?) -> Bool { speed == .high || (speed ?? .low) >= .super }
}
