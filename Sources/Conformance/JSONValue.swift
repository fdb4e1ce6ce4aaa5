/// One JSON value, read exactly: integers keep all 64 bits and objects keep the order of their keys.
public enum JSONValue: Equatable, Sendable {
  case null
  case bool(Bool)
  /// A number without fraction or exponent that is negative and fits 64 bits.
  case negative(Int64)
  /// A number without fraction or exponent, 0 … 2⁶⁴ − 1.
  case unsigned(UInt64)
  /// Any other number, as close as a `Double` gets.
  case real(Double)
  case string(String)
  case array([JSONValue])
  case object(JSONObject)

  /// Reads one JSON text; only white space may follow it.
  ///
  /// - Parameter bytes: UTF-8 text (RFC 8259).
  /// - Throws: ``JSONError`` with the offset of the first byte that does not fit.
  public init(parsing bytes: some Sequence<UInt8>) throws(JSONError) {
    var parser = JSONParser(bytes: Array(bytes))
    self = try parser.document()
  }

  /// Reads one JSON text held in a string.
  ///
  /// - Throws: ``JSONError`` with the offset, in UTF-8 bytes, of the first byte that does not fit.
  public init(parsing text: String) throws(JSONError) {
    try self.init(parsing: text.utf8)
  }

  /// The member of an object with that key, or nil for other values and absent keys.
  public subscript(key: String) -> JSONValue? {
    guard case .object(let object) = self else { return nil }
    return object[key]
  }

  /// The element of an array at that index, or nil for other values and indexes outside.
  public subscript(index: Int) -> JSONValue? {
    guard case .array(let elements) = self, elements.indices.contains(index) else { return nil }
    return elements[index]
  }

  /// The value as `Int` when it is an integer that fits.
  public var int: Int? {
    switch self {
    case .negative(let value): Int(exactly: value)
    case .unsigned(let value): Int(exactly: value)
    default: nil
    }
  }

  /// The value as `UInt64` when it is an integer of 0 or more.
  public var uint64: UInt64? {
    if case .unsigned(let value) = self { value } else { nil }
  }

  /// The value as `Int64` when it is an integer that fits.
  public var int64: Int64? {
    switch self {
    case .negative(let value): value
    case .unsigned(let value): Int64(exactly: value)
    default: nil
    }
  }

  /// The value as `Double` when it is a number.
  public var double: Double? {
    switch self {
    case .negative(let value): Double(value)
    case .unsigned(let value): Double(value)
    case .real(let value): value
    default: nil
    }
  }

  /// The text when it is a string.
  public var string: String? {
    if case .string(let value) = self { value } else { nil }
  }

  /// The truth value when it is one.
  public var bool: Bool? {
    if case .bool(let value) = self { value } else { nil }
  }

  /// The elements when it is an array.
  public var array: [JSONValue]? {
    if case .array(let value) = self { value } else { nil }
  }

  /// The members when it is an object.
  public var object: JSONObject? {
    if case .object(let value) = self { value } else { nil }
  }

  /// True for the literal `null`.
  public var isNull: Bool { self == .null }
}

/// The members of a JSON object in the order of the text. Of equal keys the last one counts.
public struct JSONObject: Equatable, Sendable {
  /// Keys and values in the order of the text.
  public internal(set) var members: [(key: String, value: JSONValue)] = []

  /// An object of these members.
  public init(_ members: [(key: String, value: JSONValue)] = []) {
    self.members = members
  }

  /// The keys in the order of the text.
  public var keys: [String] { members.map(\.key) }

  /// The value of the last member with that key.
  public subscript(key: String) -> JSONValue? {
    members.last { $0.key == key }?.value
  }

  /// Objects are equal when they have the same members, in any order.
  public static func == (left: JSONObject, right: JSONObject) -> Bool {
    left.members.count == right.members.count
      && left.members.allSatisfy { right[$0.key] == $0.value }
  }
}

/// Why a text is not JSON.
public struct JSONError: Error, Equatable, Sendable {
  /// What kind of mistake it is.
  public enum Reason: Equatable, Sendable {
    case unexpectedEnd
    case unexpectedByte(UInt8)
    case nestedTooDeeply
    case badEscape
    case badNumber
    case notUTF8
  }

  /// Where, in bytes from the start of the text.
  public var offset: Int
  /// What is wrong there.
  public var reason: Reason
}
