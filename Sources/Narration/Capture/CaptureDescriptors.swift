import KernelLog
import RawGadget
import Text
import Usercopy
import USB

/// What a session's descriptors say about the device.
struct CaptureDescriptors {
  /// Longest answer taken over, bytes.
  static let dataLimit = 65_536

  /// The longest device descriptor seen.
  private(set) var device: [UInt8] = []
  /// Configuration descriptors by bConfigurationValue, the longest of each, cut ends filled up.
  private(set) var configurations: [UInt8: [UInt8]] = [:]

  /// Endpoints that data went over, as descriptors, in the order of their first URB.
  private let traffic: [[UInt8]]

  init(_ session: CaptureSession) {
    traffic = Self.traffic(session)
    for exchange in session.exchanges {
      guard let setup = exchange.setup, setup.bmRequestType == 0x80, setup.bRequest == 6,
        exchange.status == 0
      else { continue }
      if setup.wValue == 0x100, exchange.data.count > device.count { device = exchange.data }
      guard setup.wValue >> 8 == 2 else { continue }
      let bytes = answer(exchange)
      if bytes.count > 8, bytes.count > configurations[bytes[5]]?.count ?? 0 {
        configurations[bytes[5]] = bytes
      }
    }
  }

  /// An answer's bytes at the length that crossed the bus: what was not captured is zero.
  static func padded(_ exchange: Capture.Exchange) -> [UInt8] {
    let moved = exchange.isIn ? exchange.actual : exchange.requested ?? exchange.actual
    let length = min(max(0, Int(moved ?? 0)), dataLimit)
    let missing = max(0, length - exchange.data.count)
    return Array(exchange.data.prefix(length)) + [UInt8](repeating: 0, count: missing)
  }

  /// An answer's bytes. The end of a configuration that was not captured is filled with
  /// descriptors of the endpoints that were used.
  func answer(_ exchange: Capture.Exchange) -> [UInt8] {
    let bytes = Self.padded(exchange)
    guard exchange.isDataCut, let setup = exchange.setup, setup.bmRequestType == 0x80,
      setup.bRequest == 6, setup.wValue >> 8 == 2
    else { return bytes }
    return filled(bytes, captured: min(exchange.data.count, bytes.count))
  }

  /// True when an answer's end is not only zeros.
  func isFilled(_ exchange: Capture.Exchange) -> Bool { answer(exchange) != Self.padded(exchange) }

  private func filled(_ bytes: [UInt8], captured: Int) -> [UInt8] {
    var bytes = bytes
    var known: [[UInt8]] = []
    var hasCompanions = false
    var offset = 0
    while offset < captured, bytes[offset] >= 2, offset + Int(bytes[offset]) <= bytes.count {
      let rest = Array(bytes[offset..<min(offset + Int(bytes[offset]), captured)])
      // A bare length of 7 at the very end begins one of the missing endpoints.
      if rest.count < 3, rest[0] == 7 { break }
      if rest.count > 2, rest[1] == 5 { known.append(rest) }
      if rest.count > 1, rest[1] == 0x30 { hasCompanions = true }
      offset += Int(bytes[offset])
    }
    for var endpoint in traffic where !known.contains(where: { $0[2] == endpoint[2] }) {
      guard offset >= captured - 2, offset + 7 <= bytes.count else { break }
      if let like = known.first(where: { $0.count > 5 && $0[3] & 3 == endpoint[3] }) {
        endpoint[4] = like[4]
        endpoint[5] = like[5]
      }
      bytes.replaceSubrange(offset..<offset + 7, with: endpoint)
      offset += 7
      guard hasCompanions, offset + 6 <= bytes.count else { continue }
      bytes[offset] = 6
      bytes[offset + 1] = 0x30
      offset += 6
    }
    return bytes
  }

  private static func traffic(_ session: CaptureSession) -> [[UInt8]] {
    var found: [[UInt8]] = []
    for exchange in session.exchanges where exchange.endpoint > 0 {
      let address = exchange.endpoint | (exchange.isIn ? 0x80 : 0)
      guard exchange.kind == .bulk || exchange.kind == .interrupt,
        !found.contains(where: { $0[2] == address })
      else { continue }
      let isBulk = exchange.kind == .bulk
      let packet: UInt16 =
        switch session.portSpeed ?? .high {
        case .low: 8
        case .full: 64
        case .super: 1024
        default: isBulk ? 512 : 64
        }
      found.append([
        7, 5, address, isBulk ? 2 : 3, UInt8(packet & 0xff), UInt8(packet >> 8), isBulk ? 0 : 8,
      ])
    }
    return found
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
