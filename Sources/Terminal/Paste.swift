/// Text between the brackets a terminal puts around what is pasted (mode 2004), as bytes: it may be no text at
/// all, and none of it is a key.
struct Paste {
  /// How many bytes are kept of one paste.
  static let longest = 1 << 20
  /// Milliseconds the rest of a paste may take to come.
  static let patience: Int32 = 500

  private static let end = Array("\u{1B}[201~".utf8)
  private var bytes: [UInt8] = []
  /// Bytes of the closing bracket seen so far.
  private var matched = 0

  /// Whether the closing bracket has come.
  var isWhole: Bool { matched == Self.end.count }

  /// How many bytes can be read at once and none behind the closing bracket.
  var wanted: Int { Self.end.count - matched }

  /// Takes one byte that came.
  mutating func take(_ byte: UInt8) {
    guard byte != Self.end[matched] else {
      matched += 1
      return
    }
    keep(Self.end[..<matched])
    matched = byte == Self.end[0] ? 1 : 0
    if matched == 0 { keep([byte]) }
  }

  private mutating func keep(_ more: some Collection<UInt8>) {
    bytes += more.prefix(Self.longest - bytes.count)
  }

  /// The text, its line ends newlines, U+FFFD for what is no UTF-8.
  var text: String {
    var text = String.UnicodeScalarView()
    var last: Unicode.Scalar?
    for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars {
      if scalar != "\n" || last != "\r" { text.append(scalar == "\r" ? "\n" : scalar) }
      last = scalar
    }
    return String(text)
  }
}
