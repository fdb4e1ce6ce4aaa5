import KernelLog
import RawGadget
import Text
import USB
import Usercopy

/// What a session's descriptors say about the device.
struct CaptureDescriptors {
  /// Longest answer taken over, bytes.
  static let dataLimit = 65_536

  /// The longest device descriptor seen.
  let device: [UInt8]
  /// Configuration descriptors by bConfigurationValue, the longest of each, cut ends filled up.
  let configurations: [UInt8: [UInt8]]

  /// The device's speed.
  let speed: CaptureSpeed
  /// Whether the capture lacks the configuration, so that one was made of the traffic.
  let isMade: Bool
  private let made: MadeDescriptors

  /// Endpoints that data went over, as descriptors, in the order of their first URB.
  private let traffic: [[UInt8]]

  init(_ session: CaptureSession) {
    let traffic = MadeDescriptors.endpoints(session, session.portSpeed ?? .high)
    var device: [UInt8] = []
    var configurations: [UInt8: [UInt8]] = [:]
    for exchange in session.exchanges {
      guard let setup = exchange.setup, setup.bmRequestType == 0x80, setup.bRequest == 6,
        exchange.status == 0
      else { continue }
      if setup.wValue == 0x100, exchange.data.count > device.count { device = exchange.data }
      guard setup.wValue >> 8 == 2 else { continue }
      let bytes = Self.answer(exchange, traffic)
      if bytes.count > 8, bytes.count > configurations[bytes[5]]?.count ?? 0 {
        configurations[bytes[5]] = bytes
      }
    }
    speed = CaptureSpeed(
      session, device: device, endpoints: configurations.values.flatMap(Self.endpoints))
    made = MadeDescriptors(session, speed.speed)
    isMade = configurations.isEmpty
    if isMade { configurations[made.configuration[5]] = made.configuration }
    self.traffic = traffic
    self.device = device
    self.configurations = configurations
  }

  /// The answer to a request for a descriptor that the capture lacks; nil for one that cannot be made up.
  func made(for asked: SetupPacket) -> [UInt8]? {
    guard asked.bmRequestType == 0x80, asked.bRequest == 6 else { return nil }
    switch asked.wValue >> 8 {
    case 1: return device.count >= 18 ? device : made.device
    case 2:
      let sorted = configurations.sorted { $0.key < $1.key }.map(\.value)
      let index = Int(asked.wValue & 0xFF)
      return sorted.indices.contains(index) ? sorted[index] : nil
    case 3: return MadeDescriptors.string(UInt8(asked.wValue & 0xFF))
    default: return nil
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
  func answer(_ exchange: Capture.Exchange) -> [UInt8] { Self.answer(exchange, traffic) }

  private static func answer(_ exchange: Capture.Exchange, _ traffic: [[UInt8]]) -> [UInt8] {
    let bytes = padded(exchange)
    guard exchange.isDataCut, let setup = exchange.setup, setup.bmRequestType == 0x80,
      setup.bRequest == 6, setup.wValue >> 8 == 2
    else { return bytes }
    return filled(bytes, captured: min(exchange.data.count, bytes.count), traffic)
  }

  /// True when an answer's end is not only zeros.
  func isFilled(_ exchange: Capture.Exchange) -> Bool { answer(exchange) != Self.padded(exchange) }

  private static func filled(
    _ bytes: [UInt8], captured: Int, _ traffic: [[UInt8]]
  ) -> [UInt8] {
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

  /// `1209:0001`, or nil without a device descriptor.
  var identity: String? {
    guard device.count >= 12 else { return nil }
    func word(_ offset: Int) -> String {
      (UInt64(device[offset]) | UInt64(device[offset + 1]) << 8).hex(width: 4)
    }
    return word(8) + ":" + word(10)
  }
}
