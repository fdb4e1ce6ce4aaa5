/// How many columns text takes, and what is shown for scalars that must not reach a terminal.
///
/// Width follows Unicode's East Asian Width (wide and full-width scalars take two columns) and general
/// category (combining marks take none). Everything else takes one.
public enum TextWidth {
  /// The columns of a string when it is put into a grid: its scalars' ``visible(_:)`` forms added up.
  @inlinable
  public static func of(_ text: some StringProtocol) -> Int {
    // Most text is plain ASCII, of which a byte is a column.
    let isASCII = text.utf8.withContiguousStorageIfAvailable { $0.allSatisfy(TextWidth.isPlain) }
    if isASCII == true { return text.utf8.count }
    var sum = 0
    for scalar in text.unicodeScalars { sum += columns(visible(scalar)) }
    return sum
  }

  /// Whether a byte of UTF-8 is a printable sign of ASCII, which takes one column and is shown as it is.
  @inlinable
  static func isPlain(_ byte: UInt8) -> Bool { byte &- 0x20 < 0x5F }

  /// The columns of one scalar: 0, 1 or 2.
  public static func columns(_ scalar: Unicode.Scalar) -> Int {
    let value = scalar.value
    if value < 0x300 || isBoxLike(value) || isMark(value) { return 1 }
    if isWide(value) { return 2 }
    return isZeroWidth(scalar) ? 0 : 1
  }

  /// The scalar itself when it is safe and has a fixed width, else what stands for it.
  ///
  /// Control characters become their Unicode control pictures (`␛` for ESC). C1 controls, direction
  /// overrides and other invisible format characters, line separators, private-use and unassigned scalars
  /// become U+FFFD. Joiners and variation selectors stay: they take no column and are never stored.
  public static func visible(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
    let value = scalar.value
    if value >= 0x20 && value < 0x7F || isBoxLike(value) || isMark(value) { return scalar }
    if value < 0x20 { return Unicode.Scalar(0x2400 + value) ?? "?" }
    if value == 0x7F { return "\u{2421}" }
    if value == 0xA0 { return " " }
    // Latin letters and signs are all fit to be shown, but for the soft hyphen.
    if value > 0xA0 && value < 0x250 && value != 0xAD { return scalar }
    if isJoiner(value) { return scalar }
    switch scalar.properties.generalCategory {
    case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator,
      .paragraphSeparator:
      return "\u{FFFD}"
    default: return scalar
    }
  }

  /// The start of a text that fits into `width` columns; a cut is marked by `…` in its last column.
  @inlinable
  public static func truncated(_ text: some StringProtocol, to width: Int) -> String {
    if of(text) <= width { return String(text) }
    if width <= 0 { return "" }
    var result = String.UnicodeScalarView()
    var used = 0
    for scalar in text.unicodeScalars {
      let columns = columns(visible(scalar))
      if used + columns > width - 1 { break }
      result.append(scalar)
      used += columns
    }
    result.append("…")
    return String(result)
  }

  /// Arrows, mathematics, technical signs up to ⌙, boxes, blocks and shapes up to ◼: one column each.
  private static func isBoxLike(_ value: UInt32) -> Bool {
    value >= 0x2190 && value < 0x231A || value >= 0x2500 && value < 0x25FD
  }

  /// Dashes, dots and quotation marks up to ‧; ticks and crosses from ✓ to ✘: one column each.
  private static func isMark(_ value: UInt32) -> Bool {
    value >= 0x2010 && value < 0x2028 || value >= 0x2713 && value < 0x2719
  }

  /// ZWNJ, ZWJ and variation selectors, which change neighbours and show nothing themselves.
  private static func isJoiner(_ value: UInt32) -> Bool {
    value == 0x200C || value == 0x200D || value >= 0xFE00 && value <= 0xFE0F
      || value >= 0xE0100 && value <= 0xE01EF
  }

  private static func isZeroWidth(_ scalar: Unicode.Scalar) -> Bool {
    if isJoiner(scalar.value) { return true }
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark: return true
    default: return scalar.value >= 0x1160 && scalar.value <= 0x11FF
    }
  }

  static func isWide(_ value: UInt32) -> Bool {
    guard value >= 0x1100, value <= 0x3FFFD, !isBoxLike(value) else { return false }
    var low = 0
    var high = wideRanges.count
    while low < high {
      let middle = (low + high) / 2
      if wideRanges[middle].upperBound < value { low = middle + 1 } else { high = middle }
    }
    return low < wideRanges.count && wideRanges[low].contains(value)
  }

  /// The ranges of East Asian Width W and F, marks left out.
  private static let wideRanges: [ClosedRange<UInt32>] = [
    0x1100...0x115F, 0x231A...0x231B, 0x2329...0x232A, 0x23E9...0x23EC, 0x23F0...0x23F0,
    0x23F3...0x23F3, 0x25FD...0x25FE, 0x2614...0x2615, 0x2648...0x2653, 0x267F...0x267F,
    0x2693...0x2693, 0x26A1...0x26A1, 0x26AA...0x26AB, 0x26BD...0x26BE, 0x26C4...0x26C5,
    0x26CE...0x26CE, 0x26D4...0x26D4, 0x26EA...0x26EA, 0x26F2...0x26F3, 0x26F5...0x26F5,
    0x26FA...0x26FA, 0x26FD...0x26FD, 0x2705...0x2705, 0x270A...0x270B, 0x2728...0x2728,
    0x274C...0x274C, 0x274E...0x274E, 0x2753...0x2755, 0x2757...0x2757, 0x2795...0x2797,
    0x27B0...0x27B0, 0x27BF...0x27BF, 0x2B1B...0x2B1C, 0x2B50...0x2B50, 0x2B55...0x2B55,
    0x2E80...0x3029, 0x302E...0x303E, 0x3041...0x3096, 0x309B...0x3247, 0x3250...0x4DBF,
    0x4E00...0xA4C6, 0xA960...0xA97C, 0xAC00...0xD7A3, 0xF900...0xFAD9, 0xFE10...0xFE19,
    0xFE30...0xFE6B, 0xFF01...0xFF60, 0xFFE0...0xFFE6, 0x16FE0...0x16FE3, 0x16FF0...0x18D08,
    0x1AFF0...0x1B2FB, 0x1F004...0x1F004, 0x1F0CF...0x1F0CF, 0x1F18E...0x1F18E, 0x1F191...0x1F19A,
    0x1F200...0x1F265, 0x1F300...0x1F320, 0x1F32D...0x1F335, 0x1F337...0x1F37C, 0x1F37E...0x1F393,
    0x1F3A0...0x1F3CA, 0x1F3CF...0x1F3D3, 0x1F3E0...0x1F3F0, 0x1F3F4...0x1F3F4, 0x1F3F8...0x1F43E,
    0x1F440...0x1F440, 0x1F442...0x1F4FC, 0x1F4FF...0x1F53D, 0x1F54B...0x1F54E, 0x1F550...0x1F567,
    0x1F57A...0x1F57A, 0x1F595...0x1F596, 0x1F5A4...0x1F5A4, 0x1F5FB...0x1F64F, 0x1F680...0x1F6C5,
    0x1F6CC...0x1F6CC, 0x1F6D0...0x1F6D2, 0x1F6D5...0x1F6DF, 0x1F6EB...0x1F6EC, 0x1F6F4...0x1F6FC,
    0x1F7E0...0x1F7F0, 0x1F90C...0x1F93A, 0x1F93C...0x1F945, 0x1F947...0x1F9FF, 0x1FA70...0x1FAF6,
    0x20000...0x2EBE0, 0x2F800...0x2FA1D, 0x30000...0x3134A,
  ]
}
