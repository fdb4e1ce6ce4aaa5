/// The words of a line of a log.
enum LogWords {
  /// Words of a log line, read byte by byte, without quoting, time stamps, addresses in brackets and syslog's head.
  static func content(_ line: String) -> [Substring] {
    var words = line.utf8.split { $0 == 0x20 || $0 == 0x0A || $0 == 0x09 || $0 == 0x0D }
      .map { Substring($0) }
    let marks = words.prefix { unquoted($0)?.isEmpty == true }.count
    if let kernel = words.dropFirst(marks).prefix(6).firstIndex(of: "kernel:") {
      words.removeFirst(kernel + 1)
    }
    while let word = words.first {
      if let rest = unquoted(word) {
        words.removeFirst()
        if !rest.isEmpty { words.insert(rest, at: 0) }
      } else if word.hasPrefix("[") && !word.hasPrefix("[(") {
        guard let close = words.prefix(3).firstIndex(where: { $0.utf8.contains(0x5D) })
        else { break }
        let rest = Substring(words[close].utf8.drop { $0 != 0x5D }.dropFirst())
        words.removeFirst(close + 1)
        if !rest.isEmpty { words.insert(rest, at: 0) }
      } else {
        break
      }
    }
    return words
  }

  /// A word without the marks of quoting glued to it; nil for one that has none.
  private static func unquoted(_ word: Substring) -> Substring? {
    let marks: [UInt8] = [0x3E, 0x7C, 0x2A]
    guard let first = word.utf8.first, marks.contains(first) else { return nil }
    return Substring(word.utf8.drop { marks.contains($0) })
  }
}

/// The assertion a line tells of.
struct AssertionText {
  var file: String
  var line: Int
  /// Whether the kernel stopped there rather than warned.
  var isBug: Bool

  /// Whether a line that begins with these words was torn off the one before, in a log that was wrapped anew:
  /// `at mm/usercopy.c:102!` off `kernel BUG`, `mm/usercopy.c:81 usercopy_warn+0x8e/0xa6` off `WARNING: CPU: 3 PID: 5750 at`.
  static func isTorn(_ words: [Substring], off before: [Substring]) -> Bool {
    guard let first = words.first, let last = before.last else { return false }
    if first == "at" { return last == "BUG" }
    return last == "at" && first.utf8.contains(UInt8(ascii: "/"))
      && before.contains { $0 == "WARNING:" || $0 == "BUG" }
  }

  /// Nil for a line that tells of none of the check's.
  init?(_ text: String) {
    let bytes = Array(text.utf8)
    let isBug = (bytes.firstRange(of: "BUG at ") ?? bytes.firstRange(of: "BUG: failure at ")) != nil
    guard isBug || bytes.firstRange(of: "WARNING: ") != nil else { return nil }
    for file in isBug ? ["mm/usercopy.c", "mm/slab.c"] : ["mm/usercopy.c"] {
      guard let place = bytes.firstRange(of: file + ":") else { continue }
      let digits = bytes[place.upperBound...].prefix(6).prefix(while: Digits.isDecimal)
      guard let number = Int(String(decoding: digits, as: UTF8.self)) else { continue }
      self.file = file
      self.line = number
      self.isBug = isBug
      return
    }
    return nil
  }
}

extension Array where Element == UInt8 {
  /// First place of a piece of ASCII text.
  fileprivate func firstRange(of text: String) -> Range<Int>? {
    let wanted = Array(text.utf8)
    guard let head = wanted.first, count >= wanted.count else { return nil }
    for start in 0...(count - wanted.count) where self[start] == head {
      if self[start..<(start + wanted.count)].elementsEqual(wanted) {
        return start..<(start + wanted.count)
      }
    }
    return nil
  }
}
