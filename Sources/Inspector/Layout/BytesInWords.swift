import Narration
import Text

/// Bytes in a line: as text where they begin with text, else in hexadecimal. Many that are alike are told
/// by how many there are.
struct BytesInWords {
  /// Bytes that are looked at.
  static let longest = 4096
  /// From here on bytes that are alike are counted.
  private static let many = 8

  private let bytes: [UInt8]
  private let isWhole: Bool
  private let isText: Bool

  /// - Parameters:
  ///   - bytes: the first of the bytes, at most `longest`.
  ///   - count: how many there are.
  init(_ bytes: [UInt8], of count: UInt64) {
    self.bytes = bytes
    isWhole = UInt64(bytes.count) == count
    let start = bytes.prefix(16)
    let told = start.prefix { $0 != 0 }
    isText =
      !told.isEmpty && told.allSatisfy(Self.isPrintable)
      && start.allSatisfy { byte in
        byte == 0 || Self.isPrintable(byte)
      }
  }

  private static func isPrintable(_ byte: UInt8) -> Bool { (0x20...0x7e).contains(byte) }

  /// `48 zeros`, `512×6b`, `40×'.'`.
  static func repeated(_ byte: UInt8, _ count: UInt64, asText: Bool) -> String {
    byte == 0
      ? "\(ValueWords.quantity(count)) zeros"
      : "\(ValueWords.quantity(count))×\(asText ? "'\(one(byte, asText: true))'" : byte.hex(width: 2))"
  }

  private static func one(_ byte: UInt8, asText: Bool) -> String {
    guard asText else { return byte.hex(width: 2) }
    return isPrintable(byte) ? String(Unicode.Scalar(byte)) : "·"
  }

  /// The line, cut with `…` where it goes on behind so many columns. How many are alike is told whole or not.
  func text(columns: Int) -> String {
    var line = ""
    var index = 0
    var wasCounted = false
    while index < bytes.count, line.count <= columns {
      let alike = bytes[index...].prefix { $0 == bytes[index] }.count
      let isCounted = alike >= Self.many
      let words =
        isCounted
        ? Self.repeated(bytes[index], UInt64(alike), asText: isText)
        : String(repeating: Self.one(bytes[index], asText: isText), count: alike)
      let gap = !line.isEmpty && (isCounted || wasCounted) ? " " : ""
      let isLast = index + alike == bytes.count && isWhole
      if isCounted, !line.isEmpty, (line + gap + words).count + (isLast ? 0 : 1) > columns { break }
      line += gap + words
      wasCounted = isCounted
      index += alike
    }
    let isAll = index == bytes.count && isWhole
    guard line.count > columns || !isAll else { return line }
    return TextWidth.truncated(line + (isAll ? "" : "…"), to: columns)
  }
}
