private import Text

/// Strings as JSON writes them.
public enum JSONText {
  /// A JSON string literal. Beside what JSON demands, everything that may not be shown is escaped, so that
  /// the literal can be printed anywhere; read again, it is the text.
  public static func quoted(_ text: String) -> String {
    var bytes: [UInt8] = []
    append(text, to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Writes a JSON string literal at the end of a text in UTF-8.
  static func append(_ text: String, to bytes: inout [UInt8]) {
    let mark = bytes.count
    bytes.append(UInt8(ascii: "\""))
    bytes.append(contentsOf: text.utf8)
    let isPlain = bytes[(mark + 1)...].allSatisfy {
      $0 >= 0x20 && $0 < 0x7F && $0 != 0x22 && $0 != 0x5C
    }
    if isPlain {
      bytes.append(UInt8(ascii: "\""))
    } else {
      bytes.removeLast(bytes.count - mark)
      bytes.append(contentsOf: escaped(text).utf8)
    }
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
