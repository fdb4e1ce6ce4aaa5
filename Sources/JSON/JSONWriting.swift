extension JSONValue {
  /// The value as JSON text on one line, strings escaped (``JSONText``), no blank between its parts.
  public var text: String { text(isSpaced: false) }

  /// The value as JSON text on one line, with a blank behind each comma and colon.
  public var spacedText: String { text(isSpaced: true) }

  private func text(isSpaced: Bool) -> String {
    var bytes: [UInt8] = []
    write(to: &bytes, isSpaced: isSpaced)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Writes the value at the end of a text in UTF-8, as ``spacedText`` has it, or as ``text``.
  public func write(to bytes: inout [UInt8], isSpaced: Bool = true) {
    switch self {
    case .null: bytes.append(word: "null")
    case .bool(let value): bytes.append(word: value ? "true" : "false")
    case .negative(let value): bytes.append(contentsOf: String(value).utf8)
    case .unsigned(let value): bytes.append(contentsOf: String(value).utf8)
    case .real(let value):
      bytes.append(contentsOf: (value.isFinite ? String(value) : "null").utf8)
    case .string(let value): JSONText.append(value, to: &bytes)
    case .array(let elements):
      bytes.append(UInt8(ascii: "["))
      for (index, element) in elements.enumerated() {
        if index > 0 { bytes.append(word: isSpaced ? ", " : ",") }
        element.write(to: &bytes, isSpaced: isSpaced)
      }
      bytes.append(UInt8(ascii: "]"))
    case .object(let object):
      bytes.append(UInt8(ascii: "{"))
      for (index, member) in object.members.enumerated() {
        if index > 0 { bytes.append(word: isSpaced ? ", " : ",") }
        JSONText.append(member.key, to: &bytes)
        bytes.append(word: isSpaced ? ": " : ":")
        member.value.write(to: &bytes, isSpaced: isSpaced)
      }
      bytes.append(UInt8(ascii: "}"))
    }
  }
}

extension [UInt8] {
  /// Appends a word of the language.
  fileprivate mutating func append(word: StaticString) {
    word.withUTF8Buffer { append(contentsOf: $0) }
  }
}

extension JSONValue {
  /// A number, or null.
  public init(_ value: UInt64?) { self = value.map(JSONValue.unsigned) ?? .null }

  /// A number, or null.
  public init(_ value: Int?) {
    self = value.map { $0 < 0 ? .negative(Int64($0)) : .unsigned(UInt64($0)) } ?? .null
  }

  /// A text, or null.
  public init(_ value: String?) { self = value.map(JSONValue.string) ?? .null }

  /// An array of texts.
  public init(_ texts: [String]) { self = .array(texts.map(JSONValue.string)) }

  /// An object of these members, whose keys differ.
  public init(_ members: [(key: String, value: JSONValue)]) { self = .object(JSONObject(members)) }
}
