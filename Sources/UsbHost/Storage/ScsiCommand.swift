import USB

/// A SCSI command: its bytes and what it moves.
struct ScsiCommand: Equatable, Sendable {
  var bytes: [UInt8]
  /// Bytes for the unit.
  var data: [UInt8] = []
  /// Bytes asked for.
  var length = 0
  /// Milliseconds after which it is given up.
  var timeout = 30_000

  var isIn: Bool { length > 0 }
  var transferLength: Int { isIn ? length : data.count }

  private static func big(_ value: Int, _ count: Int) -> [UInt8] {
    (0..<count).reversed().map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }

  static let testUnitReady = ScsiCommand(bytes: [0, 0, 0, 0, 0, 0])
  static let inquiry = ScsiCommand(
    bytes: [0x12, 0, 0, 0, 36, 0], length: 36, timeout: 20_500)
  static let requestSense = ScsiCommand(bytes: [0x03, 0, 0, 0, 18, 0], length: 18)
  static let readCapacity = ScsiCommand(bytes: [0x25] + [UInt8](repeating: 0, count: 9), length: 8)
  static let readCapacity16 = ScsiCommand(
    bytes: [0x9e, 0x10, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 32, 0, 0], length: 32)
  static let synchronize = ScsiCommand(bytes: [0x35] + [UInt8](repeating: 0, count: 9))
  /// All pages, with room for 192 bytes.
  static let modeSense = ScsiCommand(bytes: [0x1a, 0, 0x3f, 0, 192, 0], length: 192)

  static func read(_ block: Int, _ count: Int, sector: Int) -> ScsiCommand {
    ScsiCommand(
      bytes: [0x28, 0] + big(block, 4) + [0] + big(count, 2) + [0], length: count * sector)
  }

  static func write(_ block: Int, _ data: [UInt8], sector: Int) -> ScsiCommand {
    ScsiCommand(
      bytes: [0x2a, 0] + big(block, 4) + [0] + big(data.count / max(1, sector), 2) + [0],
      data: data)
  }

  static func preventRemoval(_ prevents: Bool) -> ScsiCommand {
    ScsiCommand(bytes: [0x1e, 0, 0, 0, prevents ? 1 : 0, 0], timeout: 10_000)
  }

  static func startStop(_ what: UInt8, immediately: Bool = false) -> ScsiCommand {
    ScsiCommand(bytes: [0x1b, immediately ? 1 : 0, 0, 0, what, 0])
  }
}

/// Sense data as the middle layer reads it (`scsi_normalize_sense()`).
struct ScsiSense: Equatable, Sendable {
  var key: UInt8
  var code: UInt8
  var qualifier: UInt8

  /// Nil when the bytes are no sense data.
  init?(_ bytes: [UInt8]) {
    guard let first = bytes.first, first & 0x70 == 0x70 else { return nil }
    func byte(_ at: Int) -> UInt8 { bytes.indices.contains(at) ? bytes[at] : 0 }
    if first & 0x7f >= 0x72 {
      (key, code, qualifier) = (byte(1) & 15, byte(2), byte(3))
    } else {
      (key, code, qualifier) = (byte(2) & 15, byte(12), byte(13))
    }
  }

  static let noSense: UInt8 = 0
  static let notReady: UInt8 = 2
  static let illegalRequest: UInt8 = 5
  static let unitAttention: UInt8 = 6

  /// `media_not_present()`.
  var saysNoMedium: Bool { [Self.notReady, Self.unitAttention].contains(key) && code == 0x3a }
}

/// What came of a command, as a routine returns it: 0 for good, 2 for a check condition whose sense data is returned,
/// or a negative error number for a transport that failed.
enum ScsiStatus {
  static let good = 0
  static let checkCondition = 2
}
