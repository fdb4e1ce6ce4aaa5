/// A piece of a log as the kernel wrote it: transport encodings, quoting and line wrapping undone.
///
/// Blanks of every kind become a space, a line end with the quoting marks that follow it becomes
/// one newline byte; `origin` leads every byte back to where it was found.
struct LogText {
  static let lineBreak: UInt8 = 0x0A
  static let blank: UInt8 = 0x20

  private(set) var bytes: [UInt8] = []
  private(set) var origin: [Int] = []
  /// Where reading stopped in the raw bytes.
  private(set) var end: Int

  /// Reads raw bytes `range`, at most `lines` lines of them.
  init(_ raw: UnsafeRawBufferPointer, range: Range<Int>, lines: Int) {
    end = range.upperBound
    bytes.reserveCapacity(range.count)
    origin.reserveCapacity(range.count)
    var reader = RawReader(raw: raw, limit: range.upperBound)
    var position = range.lowerBound
    var breaks = 0
    while position < range.upperBound {
      let piece = reader.piece(at: position)
      if piece.value == Self.lineBreak {
        breaks += 1
        if breaks >= lines {
          end = position
          break
        }
        append(Self.lineBreak, from: position)
        position = skipQuoting(&reader, from: piece.next, breaks: &breaks)
        continue
      }
      if let value = piece.value { append(value, from: position) }
      position = piece.next
    }
  }

  private mutating func append(_ byte: UInt8, from position: Int) {
    bytes.append(byte)
    origin.append(position)
  }

  /// Marks a mailer, a comment or a diff puts at the start of a continued line.
  private func skipQuoting(
    _ reader: inout RawReader, from start: Int, breaks: inout Int
  ) -> Int {
    var position = start
    while position < reader.limit {
      let piece = reader.piece(at: position)
      switch piece.value {
      case nil, UInt8(ascii: ">"), UInt8(ascii: "|"), UInt8(ascii: "*"),
        UInt8(ascii: "#"), UInt8(ascii: "+"), Self.blank:
        position = piece.next
      case Self.lineBreak where breaks < 3:
        breaks += 1
        position = piece.next
      default:
        return position
      }
    }
    return position
  }
}

/// Decodes one character after the other from raw bytes: plain, quoted-printable, HTML, JSON.
struct RawReader {
  struct Piece {
    /// The byte meant, or nil for something that prints nothing.
    var value: UInt8?
    var next: Int
  }

  let raw: UnsafeRawBufferPointer
  let limit: Int

  private func byte(_ position: Int) -> UInt8? { position < limit ? raw[position] : nil }

  func piece(at position: Int) -> Piece {
    let value = raw[position]
    switch value {
    case 0x0A: return Piece(value: LogText.lineBreak, next: position + 1)
    case 0x0D: return carriageReturn(position)
    case 0x09, 0xA0: return Piece(value: LogText.blank, next: position + 1)
    case UInt8(ascii: "="): return quotedPrintable(position)
    case UInt8(ascii: "&"): return entity(position)
    case UInt8(ascii: "\\"): return backslash(position)
    case UInt8(ascii: "<"): return tag(position)
    case UInt8(ascii: "*"): return Piece(value: nil, next: position + 1)  // a mailer's bold
    case UInt8(ascii: "^"): return caret(position)
    case 0x1B: return escapeSequence(position)
    case 0xC2 where byte(position + 1) == 0xA0:
      return Piece(value: LogText.blank, next: position + 2)
    case 0xE2: return punctuation(position)
    default: return Piece(value: value, next: position + 1)
    }
  }

  private func carriageReturn(_ position: Int) -> Piece {
    switch byte(position + 1) {
    case nil, 0x0A, 0x0D: Piece(value: nil, next: position + 1)
    default: Piece(value: LogText.blank, next: position + 1)
    }
  }

  /// `^M` as pagers and editors show a carriage return, at the end of a line only.
  private func caret(_ position: Int) -> Piece {
    guard byte(position + 1) == UInt8(ascii: "M"),
      [nil, 0x0A, 0x0D].contains(byte(position + 2))
    else { return Piece(value: UInt8(ascii: "^"), next: position + 1) }
    return Piece(value: nil, next: position + 2)
  }

  private func quotedPrintable(_ position: Int) -> Piece {
    let plain = Piece(value: UInt8(ascii: "="), next: position + 1)
    guard let first = byte(position + 1) else { return plain }
    if first == 0x0A { return Piece(value: nil, next: position + 2) }
    if first == 0x0D, byte(position + 2) == 0x0A { return Piece(value: nil, next: position + 3) }
    guard let value = hex(at: position + 1, count: 2) else { return plain }
    if value == 0xC2, byte(position + 3) == UInt8(ascii: "="),
      hex(at: position + 4, count: 2) == 0xA0
    {
      return Piece(value: LogText.blank, next: position + 6)
    }
    return Piece(value: printable(value), next: position + 3)
  }

  private func printable(_ value: Int) -> UInt8? {
    switch value {
    case 0x0A: LogText.lineBreak
    case 0x09, 0x20, 0xA0: LogText.blank
    case 0x0D: nil
    default: UInt8(truncatingIfNeeded: value)
    }
  }

  private func hex(at position: Int, count: Int) -> Int? {
    var value = 0
    for index in 0..<count {
      guard let digit = byte(position + index).flatMap(Digits.hex) else { return nil }
      value = value << 4 | digit
    }
    return value
  }

  private func backslash(_ position: Int) -> Piece {
    switch byte(position + 1) {
    case UInt8(ascii: "n"): return Piece(value: LogText.lineBreak, next: position + 2)
    case UInt8(ascii: "r"): return Piece(value: nil, next: position + 2)
    case UInt8(ascii: "t"): return Piece(value: LogText.blank, next: position + 2)
    case UInt8(ascii: "'"): return Piece(value: UInt8(ascii: "'"), next: position + 2)
    case UInt8(ascii: "u"):
      if let value = hex(at: position + 2, count: 4), value < 0x80 || value == 0xA0 {
        return Piece(value: printable(value), next: position + 6)
      }
    default: break
    }
    return Piece(value: UInt8(ascii: "\\"), next: position + 1)
  }

  /// Line-breaking tags of a web page; other angle brackets are text.
  private func tag(_ position: Int) -> Piece {
    for (name, value) in [("br>", LogText.blank), ("br/>", LogText.blank), ("wbr>", nil)] {
      if matches(name.utf8, at: position + 1) {
        return Piece(value: value, next: position + 1 + name.utf8.count)
      }
    }
    return Piece(value: UInt8(ascii: "<"), next: position + 1)
  }

  private func matches(_ text: String.UTF8View, at position: Int) -> Bool {
    var index = position
    for wanted in text {
      guard byte(index) == wanted else { return false }
      index += 1
    }
    return true
  }

  private func escapeSequence(_ position: Int) -> Piece {
    guard byte(position + 1) == UInt8(ascii: "[") else {
      return Piece(value: nil, next: position + 1)
    }
    var index = position + 2
    while index < min(limit, position + 24) {
      defer { index += 1 }
      if (0x40...0x7E).contains(raw[index]) { return Piece(value: nil, next: index + 1) }
    }
    return Piece(value: nil, next: position + 2)
  }

  /// Quotation marks and blanks that word processors put in place of the plain ones.
  private func punctuation(_ position: Int) -> Piece {
    guard byte(position + 1) == 0x80, let last = byte(position + 2) else {
      return Piece(value: 0xE2, next: position + 1)
    }
    switch last {
    case 0x98, 0x99: return Piece(value: UInt8(ascii: "'"), next: position + 3)
    case 0xAF: return Piece(value: LogText.blank, next: position + 3)
    case 0x8B: return Piece(value: nil, next: position + 3)
    default: return Piece(value: 0xE2, next: position + 1)
    }
  }

  private static let entities: [(name: String, value: UInt8)] = [
    ("gt;", UInt8(ascii: ">")), ("lt;", UInt8(ascii: "<")), ("apos;", UInt8(ascii: "'")),
    ("quot;", UInt8(ascii: "\"")), ("nbsp;", LogText.blank), ("lsquo;", UInt8(ascii: "'")),
    ("rsquo;", UInt8(ascii: "'")),
  ]

  /// An HTML entity, also one that was escaped twice.
  private func entity(_ position: Int) -> Piece {
    var start = position + 1
    while start < position + 16, matches("amp;".utf8, at: start) { start += 4 }
    for (name, value) in Self.entities where matches(name.utf8, at: start) {
      return Piece(value: value, next: start + name.utf8.count)
    }
    if byte(start) == UInt8(ascii: "#"), let piece = numericEntity(start + 1) { return piece }
    return Piece(value: UInt8(ascii: "&"), next: start)
  }

  private func numericEntity(_ start: Int) -> Piece? {
    let hexadecimal = byte(start).map { $0 | 0x20 } == UInt8(ascii: "x")
    var position = hexadecimal ? start + 1 : start
    var value = 0
    let first = position
    while position < first + 6, let digit = byte(position).flatMap(Digits.hex) {
      guard hexadecimal || digit < 10 else { return nil }
      value = value * (hexadecimal ? 16 : 10) + digit
      position += 1
    }
    guard position > first, byte(position) == UInt8(ascii: ";"), value < 0x80 || value == 0xA0
    else { return nil }
    return Piece(value: printable(value), next: position + 1)
  }
}

/// Digits as ASCII bytes.
enum Digits {
  static func isDecimal(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }

  static func hex(_ byte: UInt8) -> Int? {
    switch byte {
    case 0x30...0x39: Int(byte) - 0x30
    case 0x41...0x46: Int(byte) - 0x37
    case 0x61...0x66: Int(byte) - 0x57
    default: nil
    }
  }

  static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- 0x61 < 26 }
}
