extension JSONValue {
  /// The value as JSON text on one line, strings escaped (``JSONText``), no blank between its parts.
  public var text: String {
    var result = ""
    write(to: &result, comma: ",", colon: ":")
    return result
  }

  /// The value as JSON text on one line, with a blank behind each comma and colon.
  public var spacedText: String {
    var result = ""
    write(to: &result, comma: ", ", colon: ": ")
    return result
  }

  private func write(to result: inout String, comma: String, colon: String) {
    switch self {
    case .null: result += "null"
    case .bool(let value): result += value ? "true" : "false"
    case .negative(let value): result += String(value)
    case .unsigned(let value): result += String(value)
    case .real(let value): result += value.isFinite ? String(value) : "null"
    case .string(let value): JSONText.append(value, to: &result)
    case .array(let elements):
      result += "["
      for (index, element) in elements.enumerated() {
        if index > 0 { result += comma }
        element.write(to: &result, comma: comma, colon: colon)
      }
      result += "]"
    case .object(let object):
      result += "{"
      for (index, member) in object.members.enumerated() {
        if index > 0 { result += comma }
        JSONText.append(member.key, to: &result)
        result += colon
        member.value.write(to: &result, comma: comma, colon: colon)
      }
      result += "}"
    }
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
