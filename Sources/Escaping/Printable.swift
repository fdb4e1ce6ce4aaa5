/// Text from outside on its way to a terminal.
public enum Printable {
  /// `text` with everything that a terminal would obey, or that could not be seen on it, written as
  /// `\u{...}`: controls of either set, direction overrides, invisible and private characters,
  /// blanks other than the plain one.
  public static func text(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      if isVisible(scalar) {
        result.unicodeScalars.append(scalar)
      } else {
        result += "\\u{\(String(scalar.value, radix: 16))}"
      }
    }
    return result
  }

  /// Whether a character can be handed to a terminal as it is.
  public static func isVisible(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.isASCII { return (0x20...0x7E).contains(scalar.value) }
    let properties = scalar.properties
    guard !properties.isDefaultIgnorableCodePoint, !properties.isNoncharacterCodePoint
    else { return false }
    switch properties.generalCategory {
    case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator,
      .paragraphSeparator, .spaceSeparator:
      return false
    default: return true
    }
  }
}
