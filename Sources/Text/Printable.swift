/// Text from outside on its way to people, by the rule of ``ShownText``.
public enum Printable {
  /// For lines of text: what is hidden is written as `\u{...}`, what is left out is left out.
  public static func text(_ text: String) -> String {
    if isPlain(text) { return text }
    var result = String.UnicodeScalarView()
    for element in ShownText(text) {
      switch element.form {
      case .narrow, .wide, .mark: result.append(element.scalar)
      case .leftOut: break
      case .hidden: result.append(contentsOf: escape(element.scalar).unicodeScalars)
      }
    }
    return String(result)
  }

  /// For lines of text in which nothing but ASCII may stand: everything else is written as `\u{...}`.
  public static func ascii(_ text: String) -> String {
    if isPlain(text) { return text }
    var result = ""
    for scalar in text.unicodeScalars {
      result += isPlain(scalar) ? String(scalar) : escape(scalar)
    }
    return result
  }

  /// For screens and pictures: one sign stands in for what is hidden (``standIn(for:)``), what is left out
  /// is left out.
  public static func glyphs(_ text: String) -> String {
    if isPlain(text) { return text }
    var result = String.UnicodeScalarView()
    for element in ShownText(text) {
      switch element.form {
      case .narrow, .wide, .mark: result.append(element.scalar)
      case .leftOut: break
      case .hidden: result.append(standIn(for: element.scalar))
      }
    }
    return String(result)
  }

  /// The sign of one column that stands on a screen for a scalar that may not be shown: a picture of a
  /// control character (`␛` for ESC), a plain blank for any other blank, the letter of a flag, else U+FFFD.
  public static func standIn(for scalar: Unicode.Scalar) -> Unicode.Scalar {
    let replacement: Unicode.Scalar = "\u{FFFD}"
    let value = scalar.value
    switch value {
    case 0..<0x20: return Unicode.Scalar(0x2400 + value) ?? replacement
    case 0x7F: return "\u{2421}"
    case 0x1F1E6...0x1F1FF: return Unicode.Scalar(value - 0x1F1E6 + 0x41) ?? replacement
    default: return scalar.properties.generalCategory == .spaceSeparator ? " " : replacement
    }
  }

  /// What a screen shows for a scalar that stands by itself: it, or what stands in for it.
  public static func glyph(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
    switch ScalarClass(scalar) {
    case .narrow, .wide: scalar
    case .mark, .hidden: standIn(for: scalar)
    }
  }

  private static func escape(_ scalar: Unicode.Scalar) -> String { "\\u{\(scalar.value.hex())}" }

  private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
    scalar.isASCII && TextWidth.isPlain(UInt8(truncatingIfNeeded: scalar.value))
  }

  private static func isPlain(_ text: String) -> Bool { text.utf8.allSatisfy(TextWidth.isPlain) }
}
