/// Text from outside on its way to a terminal.
public enum Printable {
  /// `text` with control characters, escapes and direction overrides made visible.
  public static func text(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar.value {
      case 0x20...0x7e, 0xa1...0x200d, 0x2010...0x2027, 0x2030...0x2065, 0x2070...0xd7ff,
        0xe000...0xfeff, 0xff00...0xfff8, 0x1_0000...0x10_ffff:
        result.unicodeScalars.append(scalar)
      default: result += "\\u{\(String(scalar.value, radix: 16))}"
      }
    }
    return result
  }
}
