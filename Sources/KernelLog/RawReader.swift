import Text

/// Decodes one character after the other from raw bytes: plain, quoted-printable, HTML, JSON, the
/// escapes of loggers and terminals, whatever character set.
struct RawReader {
  struct Piece {
    /// The byte meant, or nil for something that prints nothing.
    var value: UInt8?
    var next: Int
  }

  let raw: UnsafeRawBufferPointer
  let limit: Int

  /// Bytes below 0x40, and those from there to 0x7F, that stand for themselves whatever is around them.
  private static let plain: (low: UInt64, high: UInt64) = {
    var masks = (low: UInt64.max, high: UInt64.max)
    for byte in [0x00, 0x07, 0x08, 0x09, 0x0A, 0x0D, 0x1B] as [UInt8] + Array("=&#%<*".utf8) {
      masks.low &= ~(1 << UInt64(byte))
    }
    for byte in "\\^".utf8 { masks.high &= ~(1 << UInt64(byte - 64)) }
    return masks
  }()

  /// Counts the bytes from a place on that stand for themselves.
  func plainRun(from position: Int) -> Int {
    let (low, high) = Self.plain
    var end = position
    while end < limit {
      let byte = raw[end]
      let mask = byte < 64 ? low : byte < 128 ? high : 0
      guard mask >> UInt64(byte & 63) & 1 == 1 else { break }
      end += 1
    }
    return end - position
  }

  func byte(_ position: Int) -> UInt8? { position < limit ? raw[position] : nil }

  func piece(at position: Int) -> Piece {
    let value = raw[position]
    switch value {
    case 0x0A: return Piece(value: LogText.lineBreak, next: position + 1)
    case 0x0D: return carriageReturn(position)
    case 0x00: return nul(position)
    case 0x09: return Piece(value: LogText.blank, next: position + 1)
    case 0x07, 0x08: return Piece(value: nil, next: position + 1)
    case 0x1B: return escapeSequence(behind: position + 1)
    case UInt8(ascii: "="): return quotedPrintable(position)
    case UInt8(ascii: "&"): return entity(position)
    case UInt8(ascii: "\\"): return backslash(position)
    case UInt8(ascii: "#"): return octal(position)
    case UInt8(ascii: "%"): return percent(position)
    case UInt8(ascii: "<"): return tag(position)
    case UInt8(ascii: "*"): return Piece(value: nil, next: position + 1)  // a mailer's bold
    case UInt8(ascii: "^"): return caret(position)
    case 0x80...: return wide(position)
    default: return Piece(value: value, next: position + 1)
    }
  }

  /// What stands for a meaning whose last byte is before `next`.
  func piece(_ meaning: PlainText.Meaning, next: Int) -> Piece {
    switch meaning {
    case .byte(let value): Piece(value: value, next: next)
    case .nothing: Piece(value: nil, next: next)
    case .escape: escapeSequence(behind: next)
    }
  }

  private func carriageReturn(_ position: Int) -> Piece {
    switch byte(position + 1) {
    case nil, 0x0A, 0x0D: Piece(value: nil, next: position + 1)
    default: Piece(value: LogText.blank, next: position + 1)
    }
  }

  /// A single NUL is dropped; more are what a crash left of a log that was never written.
  private func nul(_ position: Int) -> Piece {
    let isAlone = byte(position + 1) != 0 && (position == 0 || raw[position - 1] != 0)
    return Piece(value: isAlone ? nil : 0, next: position + 1)
  }

  /// `^M` as pagers and editors show a carriage return, at the end of a line only; `^[` and `^@`
  /// as they show an escape and a NUL.
  private func caret(_ position: Int) -> Piece {
    switch byte(position + 1) {
    case UInt8(ascii: "M") where [nil, 0x0A, 0x0D].contains(byte(position + 2)),
      UInt8(ascii: "@"):
      return Piece(value: nil, next: position + 2)
    case UInt8(ascii: "[") where byte(position + 2) == UInt8(ascii: "["):
      return escapeSequence(behind: position + 2)
    default: return Piece(value: UInt8(ascii: "^"), next: position + 1)
    }
  }

  /// The rest of a terminal's escape sequence: `[` parameters and a letter, `]` text and a bell,
  /// `(` and a letter, or nothing more.
  private func escapeSequence(behind position: Int) -> Piece {
    let start = passSoftBreak(position)
    switch byte(start) {
    case UInt8(ascii: "["): return sequence(start, longest: 24) { (0x40...0x7E).contains($0) }
    case UInt8(ascii: "]"): return sequence(start, longest: 256) { $0 == 0x07 }
    case UInt8(ascii: "("), UInt8(ascii: ")"):
      return Piece(value: nil, next: min(limit, passSoftBreak(start + 1) + 1))
    default: return Piece(value: nil, next: start)
    }
  }

  private func sequence(
    _ start: Int, longest: Int, endsAt isEnd: (UInt8) -> Bool
  ) -> Piece {
    var index = passSoftBreak(start + 1)
    while index < min(limit, start + longest) {
      if isEnd(raw[index]) { return Piece(value: nil, next: index + 1) }
      index = passSoftBreak(index + 1)
    }
    return Piece(value: nil, next: start + 1)
  }

  // MARK: bytes above 7F

  private func wide(_ position: Int) -> Piece {
    let value = raw[position]
    if let length = PlainText.sequenceLength(value), position + length <= limit,
      let scalar = PlainText.scalar(raw[position..<(position + length)])
    {
      guard let meaning = PlainText.meaning(scalar) else {
        return Piece(value: value, next: position + 1)
      }
      return piece(meaning, next: position + length)
    }
    guard !isInsideSequence(position), let meaning = PlainText.meaning(latin: value)
    else { return Piece(value: value, next: position + 1) }
    return piece(meaning, next: position + 1)
  }

  private func isInsideSequence(_ position: Int) -> Bool {
    for back in 1...3 where position >= back {
      guard let length = PlainText.sequenceLength(raw[position - back]) else { continue }
      let range = (position - back)..<(position - back + length)
      return length > back && range.upperBound <= limit && PlainText.scalar(raw[range]) != nil
    }
    return false
  }

  // MARK: quoted-printable

  /// Behind a soft line break, or the position itself where there is none.
  func passSoftBreak(_ position: Int) -> Int {
    guard byte(position) == UInt8(ascii: "=") else { return position }
    if byte(position + 1) == 0x0A { return position + 2 }
    if byte(position + 1) == 0x0D, byte(position + 2) == 0x0A { return position + 3 }
    return position
  }

  private func quotedPrintable(_ position: Int) -> Piece {
    let passed = passSoftBreak(position)
    if passed > position { return Piece(value: nil, next: passed) }
    guard !isAssignment(position), let value = hex(at: position + 1, count: 2) else {
      return Piece(value: UInt8(ascii: "="), next: position + 1)
    }
    guard value >= 0x80 else {
      let meaning = PlainText.meaning(UInt32(value)) ?? .nothing
      return piece(meaning, next: position + 3)
    }
    if let piece = quotedSequence(position, lead: UInt8(value)) { return piece }
    let meaning = PlainText.meaning(latin: UInt8(value)) ?? .byte(UInt8(value))
    return piece(meaning, next: position + 3)
  }

  /// Whether a kernel's number stands behind the mark, `prev=ffff888003a4c000`: mailers write two digits, in capitals.
  private func isAssignment(_ position: Int) -> Bool {
    var index = position + 1
    while let byte = byte(index), Digits.isDecimal(byte) || (0x61...0x66).contains(byte) {
      index += 1
      if index > position + 8 { return true }
    }
    return false
  }

  /// A UTF-8 sequence written `=E2=80=98`, a soft break anywhere between.
  private func quotedSequence(_ position: Int, lead: UInt8) -> Piece? {
    guard let length = PlainText.sequenceLength(lead) else { return nil }
    var bytes = [lead]
    var next = position + 3
    while bytes.count < length {
      let start = passSoftBreak(next)
      guard byte(start) == UInt8(ascii: "="), let value = hex(at: start + 1, count: 2)
      else { return nil }
      bytes.append(UInt8(value))
      next = start + 3
    }
    return PlainText.scalar(bytes).flatMap(PlainText.meaning).map { piece($0, next: next) }
  }

  func hex(at position: Int, count: Int) -> Int? {
    var value = 0
    for index in 0..<count {
      guard let digit = byte(position + index).flatMap(Digits.hex) else { return nil }
      value = value << 4 | digit
    }
    return value
  }
}
