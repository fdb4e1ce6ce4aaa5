/// One JSON value, read exactly: integers keep all 64 bits and objects keep the order of their keys.
public enum JSONValue: Equatable, Sendable {
  /// The literal `null`.
  case null
  /// `true` or `false`.
  case bool(Bool)
  /// A number without fraction or exponent that is negative and fits 64 bits.
  case negative(Int64)
  /// A number without fraction or exponent, 0 … 2⁶⁴ − 1.
  case unsigned(UInt64)
  /// Any other number, as close as a `Double` gets.
  case real(Double)
  /// A text.
  case string(String)
  /// Values in order.
  case array([JSONValue])
  /// Values by key.
  case object(JSONObject)

  /// Reads one JSON text; only white space may follow it.
  ///
  /// - Parameter bytes: UTF-8 text (RFC 8259).
  /// - Throws: ``JSONError`` with the offset of the first byte that does not fit.
  public init(parsing bytes: some Sequence<UInt8>) throws(JSONError) {
    try self.init(parsing: Array(bytes), mostValues: .max)
  }

  /// Reads one JSON text of at most so many values, so that a small text cannot need much memory.
  ///
  /// - Throws: ``JSONError`` with the offset of the first byte that does not fit.
  public init(parsing bytes: [UInt8], mostValues: Int) throws(JSONError) {
    var parser = JSONParser(bytes: bytes, mostValues: mostValues)
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

/// Why a text is not JSON.
public struct JSONError: Error, Equatable, Sendable {
  /// What kind of mistake it is.
  public enum Reason: Equatable, Sendable {
    /// The text ends too early.
    case unexpectedEnd
    /// This byte cannot stand there.
    case unexpectedByte(UInt8)
    /// Arrays and objects within each other beyond the limit.
    case nestedTooDeeply
    /// More values than the caller takes.
    case tooManyValues(Int)
    /// An escape that JSON does not know.
    case badEscape
    /// A number that JSON does not know.
    case badNumber
    /// A string that is no UTF-8.
    case notUTF8
    /// An object has this key already.
    case duplicateKey(String)
  }

  /// Where, in bytes from the start of the text.
  public var offset: Int
  /// What is wrong there.
  public var reason: Reason

  /// A mistake at a place.
  public init(offset: Int, reason: Reason) {
    self.offset = offset
    self.reason = reason
  }
}
