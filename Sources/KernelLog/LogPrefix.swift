/// What stands on a line in front of a report.
struct LogPrefix {
  /// Bytes without quoting marks and blanks at either end.
  private let bytes: ArraySlice<UInt8>

  init(_ line: ArraySlice<UInt8>) {
    var rest = line.drop { $0 == LogText.blank || $0 == UInt8(ascii: ">") }
    while rest.last == LogText.blank { rest.removeLast() }
    bytes = rest
  }

  /// Whether numbers stand there, as in the time stamps of logs.
  var hasDigits: Bool { bytes.contains(where: Digits.isDecimal) }

  /// Whether it is the beginning of a sentence about a report, or a heading, not a logger's work.
  var isSentence: Bool {
    guard let last = bytes.last else { return false }
    let words = bytes.map { $0 | 0x20 }
    for heading in ["subject:", "title:", "summary:"] where words.starts(with: heading.utf8) {
      return true
    }
    if last == UInt8(ascii: "\"") { return !isFieldOfARecord }
    if bytes.contains(UInt8(ascii: "\"")), !opensRecord { return true }
    if "]:;>}|-,=".utf8.contains(last) || Digits.isDecimal(last) { return false }
    return !(endsInLevel || hasDigits && opensLikeALogger)
  }

  /// `"MESSAGE" : "` or `12,"`: the quotation mark opens a field.
  private var isFieldOfARecord: Bool {
    let before = bytes.dropLast().last { $0 != LogText.blank }
    return before.map { ":,{[=".utf8.contains($0) } ?? true
  }

  private var opensRecord: Bool {
    guard let first = bytes.first else { return false }
    return "{[\"".utf8.contains(first) || Digits.isDecimal(first)
  }

  /// `E` or `W`, as Android's logger ends its prefix.
  private var endsInLevel: Bool {
    let word = bytes.suffix(2)
    guard let last = word.last, (0x41...0x5A).contains(last) else { return false }
    return word.count == 1 || word.first == LogText.blank
  }

  /// A number, a mark, or the short name of a month with a day behind it.
  private var opensLikeALogger: Bool {
    guard let first = bytes.first else { return false }
    if Digits.isDecimal(first) || "<[(".utf8.contains(first) { return true }
    let words = bytes.split(separator: LogText.blank, maxSplits: 2)
    return words.count > 2 && words[0].count == 3 && words[1].allSatisfy(Digits.isDecimal)
  }
}
