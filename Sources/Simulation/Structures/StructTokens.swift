/// Words, numbers and signs of a structure's text, with the comments between them, which may hold what
/// `pahole` knows.
struct StructTokens {
  /// Where `pahole` says that a member lies: `/* 24: 3  4 */`.
  struct Place {
    /// Bytes from the start of the outermost structure.
    var offset: UInt64
    /// First bit of a bit field in its unit; nil for whole bytes.
    var firstBit: UInt64?
    var size: UInt64
  }

  private struct Token {
    var text: String
    var line: Int
    var isComment = false
  }

  private var tokens: [Token] = []
  private var position = 0
  /// What the last comment that names the whole's size says: `/* size: 24, cachelines: 1, members: 3 */`.
  private(set) var wholeSize: UInt64?

  init(_ text: String) {
    let scalars = Array(text.unicodeScalars)
    var index = 0
    var line = 1
    while index < scalars.count {
      let start = index
      let first = line
      switch scalars[index] {
      case "\n":
        line += 1
        index += 1
        continue
      case "/" where index + 1 < scalars.count && scalars[index + 1] == "*":
        index += 2
        while index < scalars.count,
          !(scalars[index] == "/" && scalars[index - 1] == "*" && index > start + 2)
        {
          if scalars[index] == "\n" { line += 1 }
          index += 1
        }
        index = min(index + 1, scalars.count)
        add(scalars[start..<index], first, isComment: true)
        continue
      case "/" where index + 1 < scalars.count && scalars[index + 1] == "/":
        while index < scalars.count, scalars[index] != "\n" { index += 1 }
        continue
      case let scalar where Self.isWord(scalar):
        while index < scalars.count, Self.isWord(scalars[index]) { index += 1 }
      case let scalar where scalar.properties.isWhitespace:
        index += 1
        continue
      default: index += 1
      }
      add(scalars[start..<index], first, isComment: false)
    }
  }

  private mutating func add(_ scalars: ArraySlice<Unicode.Scalar>, _ line: Int, isComment: Bool) {
    var text = String.UnicodeScalarView()
    text.append(contentsOf: scalars)
    tokens.append(Token(text: String(text), line: line, isComment: isComment))
  }

  private static func isWord(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "a"..."z", "A"..."Z", "0"..."9", "_", "$": true
    default: false
    }
  }

  /// Whether a token is a name or a number.
  static func isWord(_ token: String) -> Bool { token.unicodeScalars.first.map(isWord) ?? false }

  /// Line of the next token, or of the last one at the end.
  var line: Int {
    tokens.indices.contains(position) ? tokens[position].line : tokens.last?.line ?? 1
  }

  /// The next token that is no comment; nil at the end.
  var peek: String? {
    var index = position
    while index < tokens.count, tokens[index].isComment { index += 1 }
    return index < tokens.count ? tokens[index].text : nil
  }

  /// Whether a structure or union with its own members comes next: `struct {`, `union name {`.
  var beginsBody: Bool {
    guard peek == "struct" || peek == "union" else { return false }
    let next = tokens[position...].filter { !$0.isComment }.dropFirst().prefix(2).map(\.text)
    return next.first == "{" || (next.count == 2 && next[1] == "{" && Self.isWord(next[0]))
  }

  /// Goes behind the next token that is no comment.
  mutating func advance() {
    _ = takeComments()
    position = min(position + 1, tokens.count)
  }

  /// Takes a token if it comes next.
  mutating func take(_ text: String) -> Bool {
    guard peek == text else { return false }
    advance()
    return true
  }

  /// Goes behind the comments that come next, and keeps what they say of the whole's size.
  mutating func takeComments() -> [String] {
    var texts: [String] = []
    while position < tokens.count, tokens[position].isComment {
      let text = tokens[position].text
      if let size = Self.size(text) { wholeSize = size }
      texts.append(text)
      position += 1
    }
    return texts
  }

  /// Where a member lies, if the comment behind it says so.
  mutating func takePlace() -> Place? {
    guard position < tokens.count, tokens[position].isComment,
      let place = Self.place(tokens[position].text)
    else { return nil }
    position += 1
    return place
  }

  /// `__packed`, `__aligned(8)` and `__attribute__((…))`, taken if they come next.
  mutating func takeAttributes() -> StructAttributes {
    var attributes = StructAttributes()
    while let next = peek, StructAttributes.names.contains(next) {
      advance()
      var words = [next]
      var depth = 0
      while let word = peek, word == "(" || depth > 0 {
        depth += word == "(" ? 1 : word == ")" ? -1 : 0
        words.append(word)
        advance()
        if depth == 0 { break }
      }
      attributes.read(words)
    }
    return attributes
  }

  /// `/* 8 16 */` and `/* 24: 3 4 */`: offset, first bit, size.
  private static func place(_ comment: String) -> Place? {
    let inner = comment.dropFirst(2).dropLast(2)
    let words = inner.split { $0 == " " || $0 == "\t" }
    let numbers = words.map { UInt64($0.hasSuffix(":") ? $0.dropLast() : $0) }
    guard !numbers.contains(nil) else { return nil }
    let values = numbers.compactMap(\.self)
    if values.count == 2, !words[0].hasSuffix(":") {
      return Place(offset: values[0], size: values[1])
    }
    if values.count == 3, words[0].hasSuffix(":") {
      return Place(offset: values[0], firstBit: values[1], size: values[2])
    }
    return nil
  }

  private static func size(_ comment: String) -> UInt64? {
    let words = comment.dropFirst(2).split { $0 == " " || $0 == "," || $0 == "\t" || $0 == "\n" }
    guard words.first == "size:", words.count > 1 else { return nil }
    return UInt64(words[1])
  }
}

/// What attributes do to a structure or member.
struct StructAttributes {
  var isPacked = false
  /// The largest alignment asked for.
  var align: UInt64?

  static let names: Set<String> = [
    "__packed", "__aligned", "__attribute__", "__attribute", "____cacheline_aligned",
    "____cacheline_aligned_in_smp", "__randomize_layout", "__counted_by", "__nonstring",
  ]

  mutating func add(_ other: StructAttributes) {
    isPacked = isPacked || other.isPacked
    if let asked = other.align { align = max(asked, align ?? 1) }
  }

  /// One attribute with all between its parentheses.
  mutating func read(_ words: [String]) {
    if words.contains(where: { ["__packed", "packed", "__packed__"].contains($0) }) {
      isPacked = true
    }
    let cacheLine: UInt64 = 64
    if words.contains(where: { $0.hasPrefix("____cacheline_aligned") }) {
      align = max(align ?? 1, cacheLine)
    }
    let aligned = ["__aligned", "aligned", "__aligned__"]
    guard let index = words.firstIndex(where: aligned.contains) else { return }
    let asked = words[index...].lazy.compactMap { Number.unsigned($0) }.first ?? 16
    align = max(align ?? 1, asked)
  }
}
