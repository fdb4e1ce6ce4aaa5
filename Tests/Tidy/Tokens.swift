/// A word, number or sign of Swift source; comments are left out, strings leave only what is
/// interpolated in them.
public struct Token: Sendable {
  /// As it stands, without backticks.
  public var text: Substring
  /// From 1.
  public var line: Int
  /// A name or keyword, not a number or sign.
  public var isWord: Bool
  /// In backticks: a name even where the language has a keyword.
  var isQuoted = false
}

/// Cuts Swift source into tokens, by bytes.
struct Lexer {
  private let text: String
  private let bytes: [UInt8]
  private let indices: String.UTF8View
  private var position = 0
  private var line = 1
  private(set) var tokens: [Token] = []

  /// The tokens of a whole file.
  static func tokens(of text: String) -> [Token] {
    var lexer = Lexer(text)
    while lexer.position < lexer.bytes.count { lexer.next() }
    return lexer.tokens
  }

  private init(_ text: String) {
    self.text = text
    indices = text.utf8
    bytes = Array(text.utf8)
  }

  private func byte(_ ahead: Int = 0) -> UInt8 {
    position + ahead < bytes.count ? bytes[position + ahead] : 0
  }

  private mutating func next() {
    let here = byte()
    if here == UInt8(ascii: "\n") {
      line += 1
      position += 1
    } else if here == UInt8(ascii: " ") || here == 9 || here == 13 {
      position += 1
    } else if here == UInt8(ascii: "/"), byte(1) == UInt8(ascii: "/") {
      while position < bytes.count, byte() != UInt8(ascii: "\n") { position += 1 }
    } else if here == UInt8(ascii: "/"), byte(1) == UInt8(ascii: "*") {
      comment()
    } else if here == UInt8(ascii: "/"), isPattern {
      pattern()
    } else if let marks = openingMarks {
      string(marks)
    } else {
      wordOrSign(here)
    }
  }

  private mutating func wordOrSign(_ here: UInt8) {
    let start = position
    if here == UInt8(ascii: "`") {
      position += 1
      while position < bytes.count, byte() != here { position += 1 }
      position += 1
      add(start + 1, position - 1, isWord: true, isQuoted: true)
    } else if Self.isLetter(here) {
      while Self.isLetter(byte()) || Self.isDigit(byte()) { position += 1 }
      add(start, position, isWord: true)
    } else if Self.isDigit(here) {
      while Self.isLetter(byte()) || Self.isDigit(byte())
        || byte() == UInt8(ascii: ".") && Self.isDigit(byte(1))
      {
        position += 1
      }
      add(start, position, isWord: false)
    } else {
      position += 1
      add(start, position, isWord: false)
    }
  }

  private mutating func add(_ start: Int, _ end: Int, isWord: Bool, isQuoted: Bool = false) {
    let from = indices.index(indices.startIndex, offsetBy: start)
    let to = indices.index(from, offsetBy: end - start)
    tokens.append(
      Token(text: text[from..<to], line: line, isWord: isWord, isQuoted: isQuoted))
  }

  private mutating func comment() {
    var depth = 0
    repeat {
      if byte() == UInt8(ascii: "/"), byte(1) == UInt8(ascii: "*") {
        depth += 1
        position += 2
      } else if byte() == UInt8(ascii: "*"), byte(1) == UInt8(ascii: "/") {
        depth -= 1
        position += 2
      } else {
        if byte() == UInt8(ascii: "\n") { line += 1 }
        position += 1
      }
    } while depth > 0 && position < bytes.count
  }

  /// A slash where an expression begins opens a pattern.
  private var isPattern: Bool {
    guard byte(1) != UInt8(ascii: " "), let last = tokens.last else { return false }
    return ["(", ",", "=", ":", "["].contains(last.text)
  }

  private mutating func pattern() {
    position += 1
    while position < bytes.count, byte() != UInt8(ascii: "/"), byte() != UInt8(ascii: "\n") {
      position += byte() == UInt8(ascii: "\\") ? 2 : 1
    }
    position += 1
  }

  /// The number signs before a string that opens here; nil when none does.
  private var openingMarks: Int? {
    var marks = 0
    while byte(marks) == UInt8(ascii: "#") { marks += 1 }
    return byte(marks) == UInt8(ascii: "\"") ? marks : nil
  }

  private mutating func string(_ marks: Int) {
    let quote = UInt8(ascii: "\"")
    position += marks
    let isLong = byte() == quote && byte(1) == quote && byte(2) == quote
    let quotes = isLong ? 3 : 1
    position += quotes
    while position < bytes.count {
      if byte() == UInt8(ascii: "\\"), has(UInt8(ascii: "#"), marks, from: 1) {
        position += 1 + marks
        if byte() == UInt8(ascii: "(") { interpolation() } else { position += 1 }
      } else if has(quote, quotes, from: 0), has(UInt8(ascii: "#"), marks, from: quotes) {
        position += quotes + marks
        return
      } else {
        if byte() == UInt8(ascii: "\n") { line += 1 }
        position += 1
      }
    }
  }

  private func has(_ wanted: UInt8, _ times: Int, from: Int) -> Bool {
    (0..<times).allSatisfy { byte(from + $0) == wanted }
  }

  private mutating func interpolation() {
    var depth = 0
    repeat {
      if byte() == UInt8(ascii: "(") { depth += 1 }
      if byte() == UInt8(ascii: ")") { depth -= 1 }
      next()
    } while depth > 0 && position < bytes.count
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "z") || byte >= 0x80
      || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "$")
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
  }
}
