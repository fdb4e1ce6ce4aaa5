import Text

/// Why a cursor could not read on.
enum LogStop: Error {
  /// The line ends, or other output begins, in the middle of what was expected.
  case cut(at: Int)
  /// Something else stands there.
  case mismatch
}

/// Reads kernel words from a `LogText`, tolerating line breaks between and inside them.
struct LogCursor {
  let text: LogText
  var position: Int
  /// Start of the last gap passed; a mismatch in the word behind it may mean the line ended there.
  private var gap: Int?

  init(_ text: LogText, at position: Int) {
    self.text = text
    self.position = position
  }

  var next: UInt8? { byte(position) }

  func byte(_ index: Int) -> UInt8? {
    index >= 0 && index < text.bytes.count ? text.bytes[index] : nil
  }

  static func isGap(_ byte: UInt8) -> Bool { byte == LogText.blank || byte == LogText.lineBreak }

  /// Passes blanks and line breaks.
  mutating func skipGap() {
    guard let byte = next, Self.isGap(byte) else { return }
    gap = position
    while let byte = next, Self.isGap(byte) { position += 1 }
  }

  /// Passes blanks and line breaks if a byte of this kind stands behind them.
  mutating func skipGap(before isWanted: (UInt8) -> Bool) {
    var ahead = self
    ahead.skipGap()
    if let byte = ahead.next, isWanted(byte) { self = ahead }
  }

  /// Passes a blank-separated literal; a space in it stands for one gap or more.
  mutating func expect(_ literal: String) throws(LogStop) {
    var first = true
    for wanted in literal.utf8 {
      if wanted == LogText.blank {
        guard let byte = next, Self.isGap(byte) else { throw stop() }
        skipGap()
      } else if next == wanted {
        position += 1
      } else {
        guard !first, let resumed = afterBreak() ?? afterBlank(), byte(resumed) == wanted
        else { throw stop() }
        gap = position
        position = resumed + 1
      }
      first = false
    }
  }

  /// Passes the literal if it is there.
  mutating func accept(_ literal: String) -> Bool {
    let before = self
    do {
      try expect(literal)
      return true
    } catch {
      self = before
      return false
    }
  }

  /// Decimal digits; nil when the number does not fit 64 bits.
  mutating func number() throws(LogStop) -> UInt64? {
    guard let byte = next, Digits.isDecimal(byte) else { throw stop() }
    var value: UInt64? = 0
    var rest = restOfNumber()
    while let byte = next {
      if !Digits.isDecimal(byte) {
        guard let resumed = rest, LogCursor.isGap(byte) else { break }
        position = resumed
        rest = nil
        continue
      }
      position += 1
      guard let current = value else { continue }
      let (product, high) = current.multipliedReportingOverflow(by: 10)
      let (sum, carry) = product.addingReportingOverflow(UInt64(byte &- 0x30))
      value = high || carry ? nil : sum
    }
    if let resumed = afterBreak(), self.byte(resumed) == 0x29 || self.byte(resumed) == 0x2C {
      position = resumed
    }
    return value
  }

  /// Where a number broken by a line end goes on: digits that end the way the kernel's do.
  private func restOfNumber() -> Int? {
    var head = self
    while let byte = head.next, Digits.isDecimal(byte) { head.position += 1 }
    guard let resumed = head.afterBreak() else { return nil }
    head.position = resumed
    while let byte = head.next, Digits.isDecimal(byte) { head.position += 1 }
    guard head.position > resumed, head.next == 0x29 || head.next == 0x2C || head.accept(" bytes)")
    else { return nil }
    return resumed
  }

  /// A pointer as `%p` prints it: digits, or a word in parentheses.
  mutating func pointer() throws(LogStop) -> String {
    let start = position
    if next == UInt8(ascii: "(") {
      position += 1
      while let byte = next, Digits.isLetter(byte) || byte == UInt8(ascii: "_") { position += 1 }
      guard position - start > 4, next == UInt8(ascii: ")") else { throw stop() }
      position += 1
      return slice(start..<position)
    }
    if next == UInt8(ascii: "0"), byte(position + 1) == UInt8(ascii: "x") { position += 2 }
    let digits = position
    while let byte = next, Digits.hex(byte) != nil { position += 1 }
    if let resumed = afterBreak(), position > digits {
      var tail = self
      tail.position = resumed
      while let byte = tail.next, Digits.hex(byte) != nil { tail.position += 1 }
      let end = tail.position
      if end > resumed, (end - resumed) + (position - digits) <= 16,
        tail.next == UInt8(ascii: ",") || tail.accept(" (")
      {
        position = end
        return slice(start..<end)
      }
    }
    guard (4...16).contains(position - digits) else { throw stop() }
    let pointer = slice(start..<position)
    skipGap { $0 == 0x2C }
    return pointer
  }

  /// The text of a range with line breaks undone: a break behind a blank was a blank, any other
  /// break stood inside a word.
  func slice(_ range: Range<Int>) -> String {
    var bytes: [UInt8] = []
    for byte in text.bytes[range] {
      if byte == LogText.lineBreak { continue }
      if byte == LogText.blank, bytes.last == LogText.blank { continue }
      bytes.append(byte)
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Words of a range, each gap one blank.
  func words(_ range: Range<Int>) -> String {
    text.bytes[range].split(whereSeparator: Self.isGap)
      .map { String(decoding: $0, as: UTF8.self) }.joined(separator: " ")
  }

  /// The first place of a range where the line ends or other output begins.
  func firstCut(in range: Range<Int>) -> Int? { range.first(where: endsHere) }

  /// What to throw when nothing fits at the position.
  func stop() -> LogStop {
    if endsHere(position) { return .cut(at: position) }
    if let gap, gap <= position, isOneWord(after: gap), endsHere(gap) { return .cut(at: gap) }
    return .mismatch
  }

  private func isOneWord(after gap: Int) -> Bool {
    var index = gap
    while index < position, Self.isGap(text.bytes[index]) { index += 1 }
    return !text.bytes[index..<max(index, position)].contains(where: Self.isGap)
  }

  /// Whether nothing more of a message can stand at `index`: end, line end, a console's next
  /// message (`<8>[`, `[   12.3`), dots where its writer left out the rest, or a control character.
  func endsHere(_ index: Int) -> Bool {
    var index = index
    while byte(index) == LogText.blank { index += 1 }
    guard let byte = byte(index) else { return true }
    switch byte {
    case UInt8(ascii: "<"):
      guard let digit = self.byte(index + 1) else { return true }
      return Digits.isDecimal(digit) || matches("<LAVA_", at: index)
    case UInt8(ascii: "["):
      var inside = index + 1
      while self.byte(inside) == LogText.blank { inside += 1 }
      return self.byte(inside).map(Digits.isDecimal) ?? true
    case UInt8(ascii: "."): return self.byte(index + 1) == byte && self.byte(index + 2) == byte
    case 0xE2: return self.byte(index + 1) == 0x80 && self.byte(index + 2) == 0xA6  // an ellipsis
    default:
      return byte < 0x20 || byte == 0x7F
    }
  }

  private func matches(_ literal: String, at index: Int) -> Bool {
    literal.utf8.enumerated().allSatisfy { byte(index + $0.offset) == $0.element }
  }

  /// Where text resumes if a single blank, torn into a word by a mailer, stands at the position.
  private func afterBlank() -> Int? {
    next == LogText.blank ? position + 1 : nil
  }

  /// Where text resumes if a line break stands at the position.
  private func afterBreak() -> Int? {
    var index = position
    var broken = false
    while let byte = byte(index), Self.isGap(byte) {
      broken = broken || byte == LogText.lineBreak
      index += 1
    }
    return broken ? index : nil
  }
}
