/// Writes JSON without any library: keys in the order they are given.
public struct JSONWriter: Sendable {
  /// What was written so far.
  public private(set) var text = ""
  private var needsComma = false

  /// An empty writer.
  public init() {}

  /// Starts an object.
  public mutating func openObject() { open("{") }
  /// Ends an object.
  public mutating func closeObject() { close("}") }
  /// Starts an array.
  public mutating func openArray() { open("[") }
  /// Ends an array.
  public mutating func closeArray() { close("]") }

  /// Writes a key of the object that is open.
  public mutating func key(_ name: String) {
    separate()
    text += Self.quoted(name) + ": "
    needsComma = false
  }

  /// Writes a text, or null.
  public mutating func value(_ value: String?) { raw(value.map(Self.quoted) ?? "null") }
  /// Writes a number, or null.
  public mutating func value(_ value: UInt64?) { raw(value.map { String($0) } ?? "null") }
  /// Writes a number, or null.
  public mutating func value(_ value: Int?) { raw(value.map { String($0) } ?? "null") }
  /// Writes true or false.
  public mutating func value(_ value: Bool) { raw(value ? "true" : "false") }

  private mutating func raw(_ token: String) {
    separate()
    text += token
    needsComma = true
  }

  private mutating func separate() { if needsComma { text += ", " } }

  private mutating func open(_ bracket: String) {
    separate()
    text += bracket
    needsComma = false
  }

  private mutating func close(_ bracket: String) {
    text += bracket
    needsComma = true
  }

  /// A JSON string. Control characters, also those a terminal would obey above 7F, are escaped.
  public static func quoted(_ string: String) -> String {
    var result = "\""
    for scalar in string.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\t": result += "\\t"
      case "\r": result += "\\r"
      case "\u{0}"..."\u{1F}", "\u{7F}"..."\u{9F}", "\u{200E}", "\u{200F}",
        "\u{2028}"..."\u{202E}", "\u{2066}"..."\u{2069}":
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
