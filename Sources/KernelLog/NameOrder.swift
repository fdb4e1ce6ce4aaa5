/// A cache's name as people sort it: `kmalloc-96` before `kmalloc-1k`, and the kernel's own ids such as
/// `:0000024` behind all names.
struct NameOrder: Comparable {
  /// A stretch of a name; numbers come before text.
  private enum Part: Comparable {
    case number(UInt64)
    case text(String)
  }

  private let isID: Bool
  private let parts: [Part]
  private let name: String

  init(_ name: String) {
    self.name = name
    isID = name.hasPrefix(":")
    var parts: [Part] = []
    var rest = name.utf8[...]
    while let first = rest.first {
      let isNumber = Self.isDigit(first)
      let piece = rest.prefix { Self.isDigit($0) == isNumber }
      rest = rest[piece.endIndex...]
      guard isNumber else {
        parts.append(.text(String(decoding: piece, as: UTF8.self)))
        continue
      }
      let number = UInt64(Substring(piece)) ?? .max
      let unit = Self.unit(rest)
      if unit > 1 { rest = rest.dropFirst() }
      let (bytes, overflow) = number.multipliedReportingOverflow(by: unit)
      parts.append(.number(overflow ? .max : bytes))
    }
    self.parts = parts
  }

  private static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }

  /// What a number counts: kmalloc's sizes end in `k` and `M`.
  private static func unit(_ rest: Substring.UTF8View) -> UInt64 {
    if let second = rest.dropFirst().first, second != UInt8(ascii: "-") { return 1 }
    return switch rest.first {
    case UInt8(ascii: "k"): 1 << 10
    case UInt8(ascii: "M"): 1 << 20
    default: 1
    }
  }

  static func < (one: NameOrder, other: NameOrder) -> Bool {
    if one.isID != other.isID { return other.isID }
    if one.parts != other.parts { return one.parts.lexicographicallyPrecedes(other.parts) }
    return one.name < other.name
  }
}
