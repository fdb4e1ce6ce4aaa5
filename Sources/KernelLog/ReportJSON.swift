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

extension Report {
  /// The report as one JSON object on one line; absent fields are null. Keys: era, direction,
  /// object, cache, detail, address, offset, size, complete, line, then line_number, byte_offset,
  /// eras (id, first, last, reason), bug_file, bug_line, release, command, call_trace.
  public var json: String {
    var writer = JSONWriter()
    writer.openObject()
    writeFields(to: &writer)
    writer.closeObject()
    return writer.text
  }

  /// Writes the keys of `json` into an object that is open.
  public func writeFields(to writer: inout JSONWriter) {
    let texts: [(String, String?)] = [
      ("era", era), ("direction", direction?.rawValue), ("object", object), ("cache", cache),
      ("detail", detail), ("address", address),
    ]
    for (name, text) in texts {
      writer.key(name)
      writer.value(text)
    }
    for (name, number) in [("offset", offset), ("size", size)] {
      writer.key(name)
      writer.value(number)
    }
    writer.key("complete")
    writer.value(complete)
    writer.key("line")
    writer.value(line)
    writer.key("line_number")
    writer.value(lineNumber)
    writer.key("byte_offset")
    writer.value(byteOffset)
    writeContext(to: &writer)
  }

  private func writeContext(to writer: inout JSONWriter) {
    writer.key("eras")
    writer.openArray()
    for guess in eraGuesses {
      writer.openObject()
      let texts = [("id", guess.id), ("first", guess.first), ("last", guess.last)]
      for (name, text) in texts + [("reason", guess.reason.text)] {
        writer.key(name)
        writer.value(text)
      }
      writer.closeObject()
    }
    writer.closeArray()
    writer.key("bug_file")
    writer.value(aftermath.bugFile)
    writer.key("bug_line")
    writer.value(aftermath.bugLine)
    writer.key("release")
    writer.value(aftermath.release)
    writer.key("command")
    writer.value(aftermath.command)
    writer.key("call_trace")
    writer.openArray()
    for name in aftermath.callTrace { writer.value(name) }
    writer.closeArray()
  }
}
