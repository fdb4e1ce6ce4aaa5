/// What a program writes on its terminal, without what only a terminal understands: colours, moves of the
/// cursor and titles are left out; other controls stay and are escaped where they are shown.
struct PlainText {
  private enum State {
    case plain
    /// Behind ESC.
    case escape
    /// In a control sequence, up to its final byte (ECMA-48 5.4).
    case sequence
    /// In a string that BEL or ST ends.
    case string
    case stringEscape
  }

  private var state = State.plain
  private var bytes: [UInt8] = []

  /// Adds what was written.
  mutating func add(_ part: some Sequence<UInt8>) {
    for byte in part { add(byte) }
  }

  private mutating func add(_ byte: UInt8) {
    switch (state, byte) {
    case (.string, 0x07), (.stringEscape, UInt8(ascii: "\\")): state = .plain
    case (.string, 0x1B): state = .stringEscape
    case (.string, _): break
    case (.stringEscape, _): state = .string
    case (_, 0x1B): state = .escape
    case (.escape, UInt8(ascii: "[")): state = .sequence
    case (.escape, UInt8(ascii: "]")), (.escape, UInt8(ascii: "P")), (.escape, UInt8(ascii: "X")),
      (.escape, UInt8(ascii: "^")), (.escape, UInt8(ascii: "_")):
      state = .string
    // Intermediate bytes: one more follows.
    case (.escape, 0x20...0x2F): break
    case (.escape, _): state = .plain
    case (.sequence, 0x20...0x3F): break
    case (.sequence, _): state = .plain
    case (.plain, 0x0D): break
    case (.plain, _): bytes.append(byte)
    }
  }

  /// The text so far; the beginning of a character that is not whole yet stays for the next time.
  mutating func take() -> String {
    let count = bytes.count - unfinished
    defer { bytes.removeFirst(count) }
    return String(decoding: bytes[..<count], as: UTF8.self)
  }

  /// Bytes at the end that are the beginning of a character.
  private var unfinished: Int {
    for length in 1...3 where length <= bytes.count {
      let byte = bytes[bytes.count - length]
      if byte & 0xC0 == 0x80 { continue }
      let whole = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : byte >= 0xC0 ? 2 : 1
      return whole > length ? length : 0
    }
    return 0
  }
}
