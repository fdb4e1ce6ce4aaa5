/// Aliases that refer to aliases can stand for more nodes than any memory holds; scenarios need
/// few, so their number is bounded before the text is parsed.
enum AliasLimit {
  /// Most aliases of a file: even nested to the worst they stand for few hundred copies.
  static let count = 16

  /// Refuses a text with anchors and more than `count` aliases.
  ///
  /// Every `*name` counts, also in strings: the bound may be met too early, never too late.
  static func check(_ text: String, file: String) throws(Diagnostic) {
    var anchors = 0
    var aliases: [(line: Int, column: Int)] = []
    var (line, column) = (1, 0)
    var previous: UInt8 = 0
    for byte in text.utf8 {
      if isName(byte) {
        if previous == UInt8(ascii: "&") { anchors += 1 }
        if previous == UInt8(ascii: "*"), aliases.count <= count { aliases.append((line, column)) }
      }
      column += 1
      if byte == UInt8(ascii: "\n") { (line, column) = (line + 1, 0) }
      previous = byte
    }
    guard anchors > 0, aliases.count > count, let first = aliases.last else { return }
    throw Diagnostic(
      file: file, line: first.line, column: first.column,
      message: "more than \(count) aliases (*name); write the repeated parts out")
  }

  /// A byte that may stand in an anchor's name.
  private static func isName(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
      UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"), UInt8(ascii: "-"):
      true
    default: false
    }
  }
}
