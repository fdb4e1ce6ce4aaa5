/// What a character that a mailer, a web page or a word processor put into a log stands for there.
enum PlainText {
  /// The meaning of a character in kernel output.
  enum Meaning: Equatable {
    /// The ASCII byte the kernel wrote.
    case byte(UInt8)
    /// It prints nothing.
    case nothing
    /// A terminal's escape sequence starts here.
    case escape
  }

  /// The meaning of a Unicode scalar; nil for one that stands for itself.
  static func meaning(_ scalar: UInt32) -> Meaning? {
    switch scalar {
    case 0x09, 0x20, 0xA0, 0x1680, 0x2000...0x200A, 0x202F, 0x205F, 0x3000: .byte(LogText.blank)
    case 0x0A, 0x85, 0x2028, 0x2029: .byte(LogText.lineBreak)
    case 0x1B: .escape
    case 0x07, 0x08, 0x0D, 0xAD, 0x200B...0x200F, 0x202A...0x202E, 0x2060...0x2069, 0xFEFF: .nothing
    case 0..<0x80: .byte(UInt8(truncatingIfNeeded: scalar))
    case 0xB4, 0x2018...0x201B, 0x2032: .byte(UInt8(ascii: "'"))
    case 0x201C...0x201F, 0x2033: .byte(UInt8(ascii: "\""))
    case 0x2010...0x2015, 0x2212: .byte(UInt8(ascii: "-"))
    // The wide forms East Asian input methods write.
    case 0xFF01...0xFF5E: .byte(UInt8(truncatingIfNeeded: scalar &- 0xFEE0))
    default: nil
    }
  }

  /// The meaning of a byte above 7F that is no part of UTF-8: Latin-1 and Windows-1252.
  static func meaning(latin byte: UInt8) -> Meaning? {
    switch byte {
    case 0x91, 0x92, 0xB4: .byte(UInt8(ascii: "'"))
    case 0x93, 0x94: .byte(UInt8(ascii: "\""))
    case 0x96, 0x97: .byte(UInt8(ascii: "-"))
    case 0xA0: .byte(LogText.blank)
    case 0xAD: .nothing
    default: nil
    }
  }

  /// Bytes of the UTF-8 sequence a byte leads, 2...4; nil for a byte that leads none.
  static func sequenceLength(_ lead: UInt8) -> Int? {
    switch lead {
    case 0xC2...0xDF: 2
    case 0xE0...0xEF: 3
    case 0xF0...0xF4: 4
    default: nil
    }
  }

  /// The scalar of a well-formed sequence; nil for any other bytes.
  static func scalar(_ bytes: some Collection<UInt8>) -> UInt32? {
    guard let lead = bytes.first, let length = sequenceLength(lead), bytes.count == length
    else { return nil }
    var value = UInt32(lead) & (0x7F >> UInt32(length))
    for byte in bytes.dropFirst() {
      guard byte & 0xC0 == 0x80 else { return nil }
      value = value << 6 | UInt32(byte & 0x3F)
    }
    return value
  }
}
