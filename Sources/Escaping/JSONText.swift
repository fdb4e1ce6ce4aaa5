/// Strings as JSON writes them.
public enum JSONText {
  /// A JSON string literal. Beside what JSON demands, everything a terminal would obey or that
  /// could not be seen there is escaped, so that the literal can be printed anywhere.
  public static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\t": result += "\\t"
      case "\r": result += "\\r"
      case _ where Printable.isVisible(scalar): result.unicodeScalars.append(scalar)
      default: for unit in String(scalar).utf16 { result += escape(unit) }
      }
    }
    return result + "\""
  }

  private static func escape(_ unit: UInt16) -> String {
    let digits = String(unit, radix: 16)
    return "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
  }
}
