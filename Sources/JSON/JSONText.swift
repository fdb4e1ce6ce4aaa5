private import Text

/// Strings as JSON writes them.
public enum JSONText {
  /// A JSON string literal. Beside what JSON demands, everything that may not be shown is escaped, so that
  /// the literal can be printed anywhere; read again, it is the text.
  public static func quoted(_ text: String) -> String {
    var result = ""
    append(text, to: &result)
    return result
  }

  /// Writes a JSON string literal at the end of another text.
  static func append(_ text: String, to result: inout String) {
    guard text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F && $0 != 0x22 && $0 != 0x5C }) else {
      result += escaped(text)
      return
    }
    result += "\""
    result += text
    result += "\""
  }

  private static func escaped(_ text: String) -> String {
    var result = "\"".unicodeScalars
    for element in ShownText(text) {
      switch (element.scalar, element.form) {
      case ("\"", _): result.append(contentsOf: "\\\"".unicodeScalars)
      case ("\\", _): result.append(contentsOf: "\\\\".unicodeScalars)
      case ("\n", _): result.append(contentsOf: "\\n".unicodeScalars)
      case ("\t", _): result.append(contentsOf: "\\t".unicodeScalars)
      case ("\r", _): result.append(contentsOf: "\\r".unicodeScalars)
      case (let scalar, .narrow), (let scalar, .wide), (let scalar, .mark): result.append(scalar)
      case (let scalar, .leftOut), (let scalar, .hidden):
        for unit in UTF16.encode(scalar) ?? UTF16.encodedReplacementCharacter {
          result.append(contentsOf: "\\u\(unit.hex(width: 4))".unicodeScalars)
        }
      }
    }
    result.append("\"")
    return String(result)
  }
}
