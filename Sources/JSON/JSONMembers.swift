/// Reads one JSON object member by member as its text comes, so that a large file is never held whole.
///
/// Members that are lists and named so are read element by element. What comes out, and every mistake with its place, is
/// what ``JSONValue`` reads of the whole text.
public struct JSONMembers: Sendable {
  /// A member, or an element of a list that is read so.
  public struct Piece: Sendable, Equatable {
    /// The member's key.
    public var key: String
    /// Which element it is; nil for a whole member, and for a list's end, whose value is an empty list.
    public var index: Int?
    /// What it holds.
    public var value: JSONValue
    /// The line it begins on, from 1.
    public var line: Int
  }

  private enum State {
    case start, key, firstKey, colon, value, comma, element, firstElement, elementComma, end
  }

  /// What is being collected: a key, a member's value, an element.
  private enum Collected { case key, member, element }

  private let lists: Set<String>
  private let mostValues: Int
  private var left: Int
  private var state = State.start
  private var collected: Collected?
  private var piece: [UInt8] = []
  private var pieceStart = 0
  private var pieceLine = 1
  private var depth = 0
  private var isInString = false
  private var isEscaped = false
  private var keys = UniqueKeys()
  private var key = ""
  private var index = 0
  private var offset = 0
  private var line = 1
  private var found: [Piece] = []
  /// The line of the mistake that was thrown, from 1.
  public private(set) var mistakeLine = 1

  /// A reader of an object.
  ///
  /// - Parameters:
  ///   - lists: members that are read element by element where they are lists.
  ///   - mostValues: values of the whole text at most.
  public init(lists: Set<String>, mostValues: Int = .max) {
    self.lists = lists
    self.mostValues = mostValues
    left = mostValues
  }

  /// Takes the next bytes of the text.
  ///
  /// - Returns: what they complete, in order.
  public mutating func feed(_ bytes: ArraySlice<UInt8>) throws(JSONError) -> [Piece] {
    found = []
    var at = bytes.startIndex
    while at < bytes.endIndex {
      if collected != nil {
        try collect(bytes, &at)
      } else {
        try step(bytes[at])
        if collected == nil {
          if bytes[at] == UInt8(ascii: "\n") { line += 1 }
          (at, offset) = (at + 1, offset + 1)
        }
      }
    }
    return found
  }

  /// Says that the text is over.
  public mutating func finish() throws(JSONError) {
    if collected != nil { try complete(before: nil) }
    guard state == .end else { throw mistake(.unexpectedEnd) }
  }

  // MARK: Between pieces

  private mutating func mistake(_ reason: JSONError.Reason) -> JSONError {
    mistakeLine = line
    return JSONError(offset: offset, reason: reason)
  }

  private mutating func count() throws(JSONError) {
    guard left > 0 else { throw mistake(.tooManyValues(mostValues)) }
    left -= 1
  }

  /// One byte that belongs to no piece, or begins one.
  private mutating func step(_ byte: UInt8) throws(JSONError) {
    if [0x20, 0x0a, 0x0d, 0x09].contains(byte) { return }
    switch (state, byte) {
    case (.start, UInt8(ascii: "{")):
      try count()
      state = .firstKey
    case (.firstKey, UInt8(ascii: "}")), (.comma, UInt8(ascii: "}")): state = .end
    case (.firstKey, UInt8(ascii: "\"")), (.key, UInt8(ascii: "\"")): begin(.key)
    case (.colon, UInt8(ascii: ":")): state = .value
    case (.value, UInt8(ascii: "[")) where lists.contains(key):
      try count()
      (state, index) = (.firstElement, 0)
    case (.value, _): begin(.member)
    case (.comma, UInt8(ascii: ",")): state = .key
    case (.firstElement, UInt8(ascii: "]")), (.elementComma, UInt8(ascii: "]")):
      found.append(Piece(key: key, index: nil, value: .array([]), line: line))
      state = .comma
    case (.firstElement, _), (.element, _): begin(.element)
    case (.elementComma, UInt8(ascii: ",")): state = .element
    case (.start, _), (.key, _), (.firstKey, _), (.colon, _), (.comma, _), (.elementComma, _),
      (.end, _):
      throw mistake(.unexpectedByte(byte))
    }
  }

  private mutating func begin(_ kind: Collected) {
    collected = kind
    piece.removeAll(keepingCapacity: true)
    (pieceStart, pieceLine, depth) = (offset, line, 0)
    (isInString, isEscaped) = (false, false)
  }

  // MARK: In a piece

  /// Objects and lists around what is collected.
  private var outer: Int { collected == .element ? 2 : 1 }

  /// Takes bytes up to the end of the piece, or all of them.
  private mutating func collect(_ bytes: ArraySlice<UInt8>, _ at: inout Int) throws(JSONError) {
    let start = at
    var end: Int?
    var isTooDeep = false
    while at < bytes.endIndex, end == nil {
      if isInString, !isEscaped {
        at = Self.plainEnd(bytes, from: at)
        guard at < bytes.endIndex else { break }
      }
      let byte = bytes[at]
      if byte == UInt8(ascii: "\n") { line += 1 }
      if isInString {
        let closes = !isEscaped && byte == UInt8(ascii: "\"")
        isEscaped = !isEscaped && byte == UInt8(ascii: "\\")
        isInString = !closes
        at += 1
        if closes, depth == 0 { end = at }
        continue
      }
      switch byte {
      case UInt8(ascii: "\""):
        isInString = true
        at += 1
      case UInt8(ascii: "["), UInt8(ascii: "{"):
        isTooDeep = depth + outer >= JSONParser.deepestNesting
        depth += 1
        at += 1
        if isTooDeep { end = at }
      case UInt8(ascii: "]"), UInt8(ascii: "}"):
        // One that was not opened ends what stands before it.
        if depth > 0 {
          depth -= 1
          at += 1
        }
        if depth == 0 { end = at }
      case UInt8(ascii: ","), 0x20, 0x0a, 0x0d, 0x09:
        if depth == 0 {
          if byte == UInt8(ascii: "\n") { line -= 1 }
          end = at
        } else {
          at += 1
        }
      case UInt8(ascii: ":") where depth == 0: end = at
      default: at += 1
      }
    }
    piece += bytes[start..<at]
    offset += at - start
    if isTooDeep { try complete(before: nil) }
    if end != nil { try complete(before: at < bytes.endIndex ? bytes[at] : nil, isWhole: true) }
  }

  /// The first byte of a string, from one on, that ends it, begins an escape or ends a line.
  private static func plainEnd(_ bytes: ArraySlice<UInt8>, from start: Int) -> Int {
    bytes.withUnsafeBufferPointer { all in
      var at = start - bytes.startIndex
      while at < all.count, all[at] != 0x22, all[at] != 0x5c, all[at] != 0x0a { at += 1 }
      return bytes.startIndex + at
    }
  }

  /// Reads what was collected.
  private mutating func complete(
    before next: UInt8?, isWhole: Bool = false
  ) throws(JSONError) {
    guard let kind = collected else { return }
    collected = nil
    let outer = kind == .element ? 2 : 1
    var parser = JSONParser(bytes: piece, mostValues: kind == .key ? 1 : left, depth: outer)
    let value: JSONValue
    do throws(JSONError) { value = try parser.document() } catch {
      throw moved(error, isWhole: isWhole, before: next)
    }
    switch kind {
    case .key:
      guard let text = value.string else { return }
      guard keys.insert(text) else {
        mistakeLine = pieceLine
        throw JSONError(offset: pieceStart, reason: .duplicateKey(text))
      }
      (key, state) = (text, .colon)
    case .member:
      left = parser.left
      found.append(Piece(key: key, index: nil, value: value, line: pieceLine))
      state = .comma
    case .element:
      left = parser.left
      found.append(Piece(key: key, index: index, value: value, line: pieceLine))
      index += 1
      state = .elementComma
    }
  }

  /// A mistake in a piece as one in the text: where the piece ends too early, what stands behind it is in the wrong place.
  private mutating func moved(
    _ error: JSONError, isWhole: Bool, before next: UInt8?
  ) -> JSONError {
    var error = error
    mistakeLine = pieceLine + piece.prefix(error.offset).count { $0 == UInt8(ascii: "\n") }
    error.offset += pieceStart
    if case .tooManyValues = error.reason { error.reason = .tooManyValues(mostValues) }
    if error.reason == .unexpectedEnd, isWhole, let next { error.reason = .unexpectedByte(next) }
    return error
  }
}
