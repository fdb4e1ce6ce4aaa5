/// What programming languages, loggers and URLs write for a character.
extension RawReader {
  private static let slash = UInt8(ascii: "\\")

  /// `\n`, `\u0027`, `\x27`, `\047`, `\e[`, `\'`; backslashes may have been escaped themselves.
  func backslash(_ position: Int) -> Piece {
    let plain = Piece(value: Self.slash, next: position + 1)
    var index = position + 1
    while index < position + 8, byte(index) == Self.slash { index += 1 }
    guard let letter = byte(index) else { return plain }
    switch letter {
    case UInt8(ascii: "n"): return Piece(value: LogText.lineBreak, next: index + 1)
    case UInt8(ascii: "r"): return Piece(value: nil, next: index + 1)
    case UInt8(ascii: "t"): return Piece(value: LogText.blank, next: index + 1)
    case UInt8(ascii: "u"): return escaped(index + 1, digits: 4) ?? plain
    case UInt8(ascii: "x"): return escaped(index + 1, digits: 2) ?? plain
    case UInt8(ascii: "e") where byte(index + 1) == UInt8(ascii: "["):
      return piece(.escape, next: index + 1)
    case UInt8(ascii: "0")...UInt8(ascii: "3"):
      guard let value = octalNumber(index) else { return plain }
      return piece(PlainText.meaning(value) ?? .nothing, next: index + 3)
    case _ where Digits.isPunctuation(letter) && letter != Self.slash:
      // The character itself, which may start something of its own: `\&quot;`.
      return Piece(value: nil, next: index)
    default: return plain
    }
  }

  private func escaped(_ start: Int, digits: Int) -> Piece? {
    guard let value = hex(at: start, count: digits) else { return nil }
    // HTML inside JSON.
    let last = start + digits - 1
    if value == 0x26 { return entity(last) }
    if value == 0x3C { return tag(last) }
    let meaning = PlainText.meaning(UInt32(value))
    return piece(meaning ?? .byte(UInt8(ascii: "?")), next: start + digits)
  }

  private func octalNumber(_ start: Int) -> UInt32? {
    var value: UInt32 = 0
    for index in start..<(start + 3) {
      guard let digit = byte(index).map({ $0 &- 0x30 }), digit < 8 else { return nil }
      value = value << 3 | UInt32(digit)
    }
    return value < 0x80 ? value : nil
  }

  /// `#011`: a control character as syslog daemons write it.
  func octal(_ position: Int) -> Piece {
    guard let value = octalNumber(position + 1), value < 0x20,
      let meaning = PlainText.meaning(value)
    else { return Piece(value: UInt8(ascii: "#"), next: position + 1) }
    return piece(meaning, next: position + 4)
  }

  /// `%20`, as URLs write what the kernel's sentences hold.
  func percent(_ position: Int) -> Piece {
    let sentence = " \n'\"(),:!<>?[]".utf8
    guard let value = hex(at: position + 1, count: 2), sentence.contains(UInt8(value))
    else { return Piece(value: UInt8(ascii: "%"), next: position + 1) }
    return Piece(value: UInt8(value), next: position + 3)
  }
}
