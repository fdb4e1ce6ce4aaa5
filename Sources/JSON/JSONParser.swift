/// A recursive-descent reader of RFC 8259 text with a bound on nesting.
struct JSONParser {
  static let deepestNesting = 128

  let bytes: [UInt8]
  var at = 0
  var depth = 0

  /// Values that may still come.
  private(set) var left: Int
  private let mostValues: Int

  /// A reader of a text that stands within so many arrays and objects of another.
  init(bytes: [UInt8], mostValues: Int = .max, depth: Int = 0) {
    self.bytes = bytes
    self.depth = depth
    self.mostValues = mostValues
    left = mostValues
  }

  mutating func document() throws(JSONError) -> JSONValue {
    let value = try value()
    skipSpace()
    guard at == bytes.count else { throw failure(.unexpectedByte(bytes[at])) }
    return value
  }

  private func failure(_ reason: JSONError.Reason) -> JSONError {
    JSONError(offset: at, reason: reason)
  }

  private mutating func skipSpace() {
    while at < bytes.count {
      switch bytes[at] {
      case 0x20, 0x0a, 0x0d, 0x09: at += 1
      default: return
      }
    }
  }

  private func peek() throws(JSONError) -> UInt8 {
    guard at < bytes.count else { throw failure(.unexpectedEnd) }
    return bytes[at]
  }

  private mutating func value() throws(JSONError) -> JSONValue {
    skipSpace()
    let byte = try peek()
    guard left > 0 else { throw failure(.tooManyValues(mostValues)) }
    left -= 1
    switch byte {
    case UInt8(ascii: "{"): return try object()
    case UInt8(ascii: "["): return try array()
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
    default: throw failure(.unexpectedByte(byte))
    }
  }

  private mutating func word(_ text: String, _ value: JSONValue) throws(JSONError) -> JSONValue {
    for byte in text.utf8 { try expect(byte) }
    return value
  }

  private mutating func expect(_ byte: UInt8) throws(JSONError) {
    let found = try peek()
    guard found == byte else { throw failure(.unexpectedByte(found)) }
    at += 1
  }

  private mutating func enter() throws(JSONError) {
    guard depth < Self.deepestNesting else { throw failure(.nestedTooDeeply) }
    depth += 1
    at += 1
    skipSpace()
  }

  /// True when the list goes on, false when `close` ended it.
  private mutating func more(_ close: UInt8) throws(JSONError) -> Bool {
    skipSpace()
    let byte = try peek()
    guard byte == UInt8(ascii: ",") || byte == close else {
      throw failure(.unexpectedByte(byte))
    }
    at += 1
    skipSpace()
    return byte != close
  }

  private mutating func object() throws(JSONError) -> JSONValue {
    try enter()
    defer { depth -= 1 }
    var members: [(key: String, value: JSONValue)] = []
    var keys = UniqueKeys()
    guard try peek() != UInt8(ascii: "}") else {
      at += 1
      return .object(JSONObject())
    }
    repeat {
      let start = at
      let key = try string()
      guard keys.insert(key) else {
        throw JSONError(offset: start, reason: .duplicateKey(key))
      }
      skipSpace()
      try expect(UInt8(ascii: ":"))
      members.append((key, try value()))
    } while try more(UInt8(ascii: "}"))
    return .object(JSONObject(distinct: members))
  }

  private mutating func array() throws(JSONError) -> JSONValue {
    try enter()
    defer { depth -= 1 }
    var elements: [JSONValue] = []
    guard try peek() != UInt8(ascii: "]") else {
      at += 1
      return .array(elements)
    }
    repeat { elements.append(try value()) } while try more(UInt8(ascii: "]"))
    return .array(elements)
  }

  private mutating func digits() throws(JSONError) {
    let start = at
    while at < bytes.count, (0x30...0x39).contains(bytes[at]) { at += 1 }
    guard at > start else { throw failure(.badNumber) }
  }

  private mutating func number() throws(JSONError) -> JSONValue {
    let start = at
    var whole = true
    if bytes[at] == UInt8(ascii: "-") { at += 1 }
    let first = at
    try digits()
    if bytes[first] == UInt8(ascii: "0"), at - first > 1 { throw failure(.badNumber) }
    if at < bytes.count, bytes[at] == UInt8(ascii: ".") {
      whole = false
      at += 1
      try digits()
    }
    if at < bytes.count, bytes[at] | 0x20 == UInt8(ascii: "e") {
      whole = false
      at += 1
      if at < bytes.count, [0x2b, 0x2d].contains(bytes[at]) { at += 1 }
      try digits()
    }
    let text = String(decoding: bytes[start..<at], as: UTF8.self)
    if whole, let value = UInt64(text) { return .unsigned(value) }
    if whole, let value = Int64(text) { return .negative(value) }
    guard let value = Double(text) else { throw failure(.badNumber) }
    return .real(value)
  }

  private mutating func string() throws(JSONError) -> String {
    try expect(UInt8(ascii: "\""))
    if let plain = plainString() { return plain }
    var text: [UInt8] = []
    while true {
      let start = at
      at = endOfPlain(from: at)
      text += bytes[start..<at]
      let byte = try peek()
      switch byte {
      case 0x22:
        at += 1
        guard let result = String(validating: text, as: UTF8.self) else {
          throw failure(.notUTF8)
        }
        return result
      case 0x5c:
        at += 1
        let scalar = try escape()
        text += Array(String(Character(scalar)).utf8)
      default:
        throw failure(.unexpectedByte(byte))
      }
    }
  }

  /// A string without escapes, which most are; nil, and nothing read, for others.
  private mutating func plainString() -> String? {
    let end = endOfPlain(from: at)
    guard end < bytes.count, bytes[end] == 0x22 else { return nil }
    let text = bytes.withUnsafeBufferPointer { all in
      String(validating: UnsafeBufferPointer(rebasing: all[at..<end]), as: UTF8.self)
    }
    if text != nil { at = end + 1 }
    return text
  }

  /// The first byte of a string, from one on, that ends it, begins an escape or may not stand there.
  private func endOfPlain(from start: Int) -> Int {
    bytes.withUnsafeBufferPointer { all in
      var end = start
      while end < all.count, all[end] != 0x22, all[end] != 0x5c, all[end] >= 0x20 { end += 1 }
      return end
    }
  }

  private mutating func escape() throws(JSONError) -> Unicode.Scalar {
    let byte = try peek()
    at += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{c}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"): return try unicodeEscape()
    default: throw failure(.badEscape)
    }
  }

  private mutating func unicodeEscape() throws(JSONError) -> Unicode.Scalar {
    let high = try codeUnit()
    if let scalar = Unicode.Scalar(UInt32(high)) { return scalar }
    guard high < 0xdc00 else { throw failure(.badEscape) }
    try expect(UInt8(ascii: "\\"))
    try expect(UInt8(ascii: "u"))
    let low = try codeUnit()
    guard (0xdc00...0xdfff).contains(low),
      let scalar = Unicode.Scalar(0x10000 + (UInt32(high) - 0xd800) << 10 + UInt32(low) - 0xdc00)
    else { throw failure(.badEscape) }
    return scalar
  }

  private mutating func codeUnit() throws(JSONError) -> UInt16 {
    guard bytes.count - at >= 4 else {
      let isCut = bytes[at...].allSatisfy { Character(Unicode.Scalar($0)).isHexDigit }
      throw failure(isCut ? .unexpectedEnd : .badEscape)
    }
    let text = String(decoding: bytes[at..<at + 4], as: UTF8.self)
    guard text.allSatisfy(\.isHexDigit), let value = UInt16(text, radix: 16) else {
      throw failure(.badEscape)
    }
    at += 4
    return value
  }
}
