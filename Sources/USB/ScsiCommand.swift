/// A SCSI command in a command block wrapper of USB's bulk-only transport (Bulk-Only Transport 1.0, chapter 5.1; SPC-4
/// and SBC-3 for the commands).
public struct ScsiCommand: Sendable, Equatable {
  /// The operation code.
  public var code: UInt8
  /// The command block, operation code first.
  public var block: [UInt8]
  /// Bytes the host expects to move.
  public var length: UInt32

  /// The command of a wrapper of 31 bytes; nil for anything else.
  public init?(wrapper bytes: [UInt8]) {
    guard bytes.count >= 31, bytes.starts(with: "USBC".utf8) else { return nil }
    let size = Int(bytes[14] & 0x1F)
    guard size > 0, size <= 16 else { return nil }
    block = Array(bytes[15..<(15 + size)])
    code = bytes[15]
    length = (8..<12).reversed().reduce(UInt32(0)) { $0 << 8 | UInt32(bytes[$1]) }
  }

  /// The command's name; nil for one that is not listed here.
  public static func name(_ code: UInt8) -> String? { names[code] }

  /// The name, or the operation code.
  public var name: String { Self.names[code] ?? "SCSI command 0x" + hex(UInt64(code), 2) }

  /// First block and number of blocks of a read, write or check.
  public var blocks: (first: UInt64, count: UInt64)? {
    func number(_ range: Range<Int>) -> UInt64? {
      guard block.count >= range.upperBound else { return nil }
      return block[range].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    }
    switch code {
    case 0x28, 0x2A, 0x2F: return pair(number(2..<6), number(7..<9))
    case 0xA8, 0xAA: return pair(number(2..<6), number(6..<10))
    case 0x88, 0x8A, 0x8F: return pair(number(2..<10), number(10..<14))
    default: return nil
    }
  }

  private func pair(_ first: UInt64?, _ count: UInt64?) -> (first: UInt64, count: UInt64)? {
    guard let first, let count else { return nil }
    return (first, count)
  }

  private static let names: [UInt8: String] = [
    0x00: "TEST UNIT READY", 0x03: "REQUEST SENSE", 0x04: "FORMAT UNIT", 0x12: "INQUIRY",
    0x15: "MODE SELECT(6)", 0x1A: "MODE SENSE(6)", 0x1B: "START STOP UNIT",
    0x1D: "SEND DIAGNOSTIC", 0x1E: "PREVENT ALLOW MEDIUM REMOVAL", 0x23: "READ FORMAT CAPACITIES",
    0x25: "READ CAPACITY(10)", 0x28: "READ(10)", 0x2A: "WRITE(10)", 0x2F: "VERIFY(10)",
    0x35: "SYNCHRONIZE CACHE(10)", 0x42: "UNMAP", 0x43: "READ TOC", 0x46: "GET CONFIGURATION",
    0x4A: "GET EVENT STATUS NOTIFICATION", 0x51: "READ DISC INFORMATION", 0x55: "MODE SELECT(10)",
    0x5A: "MODE SENSE(10)", 0x85: "ATA PASS-THROUGH(16)", 0x88: "READ(16)", 0x8A: "WRITE(16)",
    0x8F: "VERIFY(16)", 0x91: "SYNCHRONIZE CACHE(16)", 0x9E: "SERVICE ACTION IN(16)",
    0xA0: "REPORT LUNS", 0xA1: "ATA PASS-THROUGH(12)", 0xA8: "READ(12)", 0xAA: "WRITE(12)",
  ]
}
