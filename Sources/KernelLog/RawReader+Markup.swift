import Text

/// HTML: entities and tags. Either may be torn by quoted-printable's soft breaks.
extension RawReader {
  private static let longestTag = 1500

  /// Where a word ends that stands at a position; nil if it does not. Letters match in any case.
  private func end(of word: String.UTF8View, at start: Int) -> Int? {
    var index = start
    for wanted in word {
      index = passSoftBreak(index)
      guard let found = byte(index),
        found == wanted || Digits.isLetter(wanted) && found | 0x20 == wanted | 0x20
      else { return nil }
      index += 1
    }
    return index
  }

  // MARK: tags

  private static let blocks: Set<String> = [
    "br", "p", "div", "tr", "td", "th", "li", "pre", "hr", "dd", "dt", "blockquote", "table",
  ]
  private static let inline: Set<String> = [
    "wbr", "span", "a", "b", "i", "u", "s", "q", "em", "tt", "strong", "code", "font", "mark",
    "kbd", "samp", "var", "small", "big", "sup", "sub", "ins", "del", "cite", "img", "ul", "ol",
  ]

  /// A tag of a web page, which is a blank or nothing; other angle brackets are text.
  func tag(_ position: Int) -> Piece {
    let plain = Piece(value: UInt8(ascii: "<"), next: position + 1)
    var index = position + 1
    if byte(index) == UInt8(ascii: "/") { index += 1 }
    var name = ""
    while name.utf8.count < 12 {
      index = passSoftBreak(index)
      guard let letter = byte(index), Digits.isLetter(letter) else { break }
      name.unicodeScalars.append(UnicodeScalar(letter | 0x20))
      index += 1
    }
    guard Self.blocks.contains(name) || Self.inline.contains(name), let end = endOfTag(index)
    else { return plain }
    // `(<p` and `rocess stack>)` on the next line are no paragraph.
    if position > 0, raw[position - 1] == UInt8(ascii: "("), [0x0A, 0x0D].contains(byte(index)) {
      return plain
    }
    return Piece(value: Self.blocks.contains(name) ? LogText.blank : nil, next: end)
  }

  /// Behind the bracket that closes a tag whose name ends at `start`.
  private func endOfTag(_ start: Int) -> Int? {
    guard let first = byte(start),
      [0x3E, 0x2F, 0x20, 0x09, 0x0A, 0x0D, 0x3D].contains(first)  // > / blank, or = of a soft break
    else { return nil }
    for index in start..<min(limit, start + Self.longestTag) {
      if raw[index] == UInt8(ascii: ">") { return index + 1 }
      if raw[index] == UInt8(ascii: "<") { return nil }
    }
    return nil
  }

  // MARK: entities

  private static let entities: [(name: String, value: UInt8)] = [
    ("gt;", UInt8(ascii: ">")), ("lt;", UInt8(ascii: "<")), ("apos;", UInt8(ascii: "'")),
    ("quot;", UInt8(ascii: "\"")), ("nbsp;", LogText.blank), ("lsquo;", UInt8(ascii: "'")),
    ("rsquo;", UInt8(ascii: "'")), ("ldquo;", UInt8(ascii: "\"")), ("rdquo;", UInt8(ascii: "\"")),
    ("lpar;", UInt8(ascii: "(")), ("rpar;", UInt8(ascii: ")")), ("excl;", UInt8(ascii: "!")),
    ("comma;", UInt8(ascii: ",")), ("colon;", UInt8(ascii: ":")),
  ]

  /// An HTML entity, also one that was escaped twice.
  func entity(_ position: Int) -> Piece {
    var start = position + 1
    while start < position + 16, let next = end(of: "amp;".utf8, at: start) { start = next }
    for (name, value) in Self.entities {
      if let next = end(of: name.utf8, at: start) { return Piece(value: value, next: next) }
    }
    start = passSoftBreak(start)
    if byte(start) == UInt8(ascii: "#"), let piece = numericEntity(start + 1) { return piece }
    return Piece(value: UInt8(ascii: "&"), next: start)
  }

  private func numericEntity(_ start: Int) -> Piece? {
    var position = passSoftBreak(start)
    let isHexadecimal = byte(position).map { $0 | 0x20 } == UInt8(ascii: "x")
    if isHexadecimal { position += 1 }
    var value: UInt32 = 0
    var count = 0
    while count < 6 {
      position = passSoftBreak(position)
      guard let digit = byte(position).flatMap(Digits.hex) else { break }
      guard isHexadecimal || digit < 10 else { return nil }
      value = value * (isHexadecimal ? 16 : 10) + UInt32(digit)
      position += 1
      count += 1
    }
    position = passSoftBreak(position)
    guard count > 0, byte(position) == UInt8(ascii: ";"), let meaning = PlainText.meaning(value)
    else { return nil }
    return piece(meaning, next: position + 1)
  }
}
