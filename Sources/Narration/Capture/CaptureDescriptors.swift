import KernelLog
import RawGadget
import Usercopy

/// What a session's descriptors say about the device.
struct CaptureDescriptors {
  /// The longest device descriptor seen.
  private(set) var device: [UInt8] = []
  /// Configuration descriptors by bConfigurationValue, the longest of each, cut ends filled up.
  private(set) var configurations: [UInt8: [UInt8]] = [:]

  init(_ session: CaptureSession) {
    for exchange in session.exchanges {
      guard let setup = exchange.setup, setup.bmRequestType == 0x80, setup.bRequest == 6,
        exchange.status == 0
      else { continue }
      if setup.wValue == 0x100, exchange.data.count > device.count { device = exchange.data }
      guard setup.wValue >> 8 == 2, exchange.data.count > 8 else { continue }
      let bytes = Self.padded(exchange)
      if bytes.count > configurations[bytes[5]]?.count ?? 0 { configurations[bytes[5]] = bytes }
    }
  }

  /// An answer's bytes at the length that crossed the bus: what was not captured is zero.
  static func padded(_ exchange: Capture.Exchange) -> [UInt8] {
    let moved = exchange.isIn ? exchange.actual : exchange.requested ?? exchange.actual
    let length = min(max(0, Int(moved ?? 0)), CaptureBuilder.dataLimit)
    let missing = max(0, length - exchange.data.count)
    return Array(exchange.data.prefix(length)) + [UInt8](repeating: 0, count: missing)
  }

  /// Endpoint descriptors of a configuration's first alternate settings, nine bytes each.
  static func endpoints(_ configuration: [UInt8]) -> [[UInt8]] {
    var found: [[UInt8]] = []
    var isFirst = false
    var offset = 0
    while offset + 2 <= configuration.count {
      let length = Int(configuration[offset])
      guard length >= 2, offset + length <= configuration.count else { break }
      let bytes = Array(configuration[offset..<offset + length])
      if bytes[1] == 4, length >= 9 { isFirst = bytes[3] == 0 }
      if bytes[1] == 5, length >= 7, isFirst {
        found.append(Array((bytes + [0, 0]).prefix(9)))
      }
      offset += length
    }
    return found
  }

  /// The speed: by the port's status, else by packet sizes, else high.
  func speed(_ session: CaptureSession) -> UsbSpeed {
    if let speed = session.portSpeed { return speed }
    let bulk = configurations.values.flatMap(Self.endpoints).filter { $0[3] & 3 == 2 }
    let packets = bulk.map { Int($0[4]) | Int($0[5]) << 8 }
    guard device.count >= 8 else { return packets.contains(1024) ? .super : .high }
    if device[7] == 9, device[3] >= 3 { return .super }
    if device[7] == 8 { return bulk.isEmpty ? .low : .full }
    if device[7] < 64 || packets.contains(where: { $0 < 512 }) { return .full }
    return .high
  }

  /// `1209:0001`, or nil without a device descriptor.
  var identity: String? {
    guard device.count >= 12 else { return nil }
    func word(_ offset: Int) -> String {
      (UInt64(device[offset]) | UInt64(device[offset + 1]) << 8).hex(width: 4)
    }
    return word(8) + ":" + word(10)
  }
}
