/// How many columns text takes on a screen.
public enum TextWidth {
  /// The columns of a text when it is put into a grid: those of its ``ShownText`` added up.
  @inlinable
  public static func of(_ text: some StringProtocol) -> Int {
    // Most text is plain ASCII, of which a byte is a column.
    let isASCII = text.utf8.withContiguousStorageIfAvailable { $0.allSatisfy(TextWidth.isPlain) }
    if isASCII == true { return text.utf8.count }
    return ofAny(text)
  }

  @usableFromInline
  static func ofAny(_ text: some StringProtocol) -> Int {
    var sum = 0
    for element in ShownText(text) { sum += element.columns }
    return sum
  }

  /// Whether a byte of UTF-8 is a printable sign of ASCII, which takes one column and is shown as it is.
  @inlinable
  public static func isPlain(_ byte: UInt8) -> Bool { byte &- 0x20 < 0x5F }

  /// Whether a scalar takes two columns.
  public static func isWide(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value >= 0x1100 && ScalarClass(scalar) == .wide
  }

  /// The start of a text that fits into `width` columns; a cut is marked by `…` in its last column.
  @inlinable
  public static func truncated(_ text: some StringProtocol, to width: Int) -> String {
    if of(text) <= width { return String(text) }
    return cut(text, to: width)
  }

  @usableFromInline
  static func cut(_ text: some StringProtocol, to width: Int) -> String {
    if width <= 0 { return "" }
    var result = String.UnicodeScalarView()
    var used = 0
    for element in ShownText(text) {
      if used + element.columns > width - 1 { break }
      used += element.columns
      // A joiner without what it joined would be hidden, and take a column.
      if element.form != .leftOut { result.append(element.scalar) }
    }
    result.append("…")
    return String(result)
  }
}
