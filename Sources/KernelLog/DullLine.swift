/// Tells by a line's bytes that it holds nothing an aftermath is read for: most lines of a log, at a small part of the
/// price of reading them.
enum DullLine {
  /// Whether a line that stands in no trace holds no function, no file, none of the words kernels print about a task and a
  /// machine, and nothing that stands for other characters. In doubt it does not.
  static func isDull(_ line: UnsafeRawBufferPointer.SubSequence) -> Bool {
    let bytes = UnsafeRawBufferPointer(rebasing: line)
    var index = 0
    while index < bytes.count {
      switch bytes[index] {
      case UInt8(ascii: ":"): if leads(bytes, index) { return false }
      case UInt8(ascii: "+"): if follow(bytes, index, "0x") { return false }
      // `[<ffffffff81234567>]`, and a tag inside of a word.
      case UInt8(ascii: "<"): if index > 0, bytes[index - 1] > LogText.blank { return false }
      case UInt8(ascii: "="): if isMark(bytes, index) { return false }
      case UInt8(ascii: "&"): if isEntity(bytes, index + 1) { return false }
      case UInt8(ascii: "I"): if follow(bytes, index, "nternal error") { return false }
      case UInt8(ascii: "t"): if follow(bytes, index, "ainted") { return false }
      case UInt8(ascii: "\\"), UInt8(ascii: "%"), UInt8(ascii: "^"): return false
      case 0x20..<0x7F, 0x09, 0x0D: break
      default: return false
      }
      index += 1
    }
    return true
  }

  /// Whether a colon ends "Comm:", "Tainted:", "Trace:", "Backtrace:", "name:", "linked in:", "CPU:", "RIP:", "epc:", "TPC:",
  /// "TSTATE:", "IASQ:", "IAOQ[0]:", "Breaking-Event-Address:", the name of a source file, or stands in "pc :".
  private static func leads(_ bytes: UnsafeRawBufferPointer, _ colon: Int) -> Bool {
    // In front of the line the byte counts as a blank: " :" and ":" at the start are the same.
    guard colon > 0 else { return true }
    switch bytes[colon - 1] {
    case LogText.blank, 0x09, UInt8(ascii: "*"), UInt8(ascii: ">"): return true
    case UInt8(ascii: "m"): if precede(bytes, colon, "omm") { return true }
    case UInt8(ascii: "d"): if precede(bytes, colon, "inted") { return true }
    case UInt8(ascii: "e"):
      if precede(bytes, colon, "race") || precede(bytes, colon, "ame") { return true }
    case UInt8(ascii: "n"): if precede(bytes, colon, " in") { return true }
    case UInt8(ascii: "U"): if precede(bytes, colon, "CPU") { return true }
    case UInt8(ascii: "P"): if precede(bytes, colon, "IP") { return true }
    case UInt8(ascii: "c"): if precede(bytes, colon, "epc") { return true }
    case UInt8(ascii: "C"): if precede(bytes, colon, "PC") { return true }
    case UInt8(ascii: "E"): if precede(bytes, colon, "ATE") { return true }
    case UInt8(ascii: "Q"): if precede(bytes, colon, "ASQ") { return true }
    case UInt8(ascii: "]"): if precede(bytes, colon, "Q[0]") { return true }
    case UInt8(ascii: "s"): if precede(bytes, colon, "ress") { return true }
    default: break
    }
    return endsFile(bytes, colon)
  }

  /// Whether the name of a source file stands in front of a colon, and a line's number behind it.
  private static func endsFile(_ bytes: UnsafeRawBufferPointer, _ colon: Int) -> Bool {
    guard colon + 1 < bytes.count, Digits.isDecimal(bytes[colon + 1]) else { return false }
    var index = colon - 1
    while index > max(0, colon - 4), Digits.isLetter(bytes[index]) { index -= 1 }
    return index < colon - 1 && index >= 0 && bytes[index] == UInt8(ascii: ".")
  }

  /// Whether a mark is that of quoted-printable, or of the kernel's "PAGE_SIZE=".
  private static func isMark(_ bytes: UnsafeRawBufferPointer, _ index: Int) -> Bool {
    guard index + 2 < bytes.count else { return true }
    let isByte = Digits.hex(bytes[index + 1]) != nil && Digits.hex(bytes[index + 2]) != nil
    return isByte || precede(bytes, index, "PAGE_SIZE")
  }

  /// Whether what follows an ampersand may be an entity's.
  private static func isEntity(_ bytes: UnsafeRawBufferPointer, _ index: Int) -> Bool {
    index < bytes.count && (Digits.isLetter(bytes[index]) || bytes[index] == UInt8(ascii: "#"))
  }

  /// Whether a word stands right in front of an index.
  private static func precede(
    _ bytes: UnsafeRawBufferPointer, _ index: Int, _ word: StaticString
  ) -> Bool {
    let count = word.utf8CodeUnitCount
    guard index >= count else { return false }
    return word.withUTF8Buffer { letters in
      for place in 0..<count where bytes[index - count + place] != letters[place] { return false }
      return true
    }
  }

  /// Whether a word stands right behind an index.
  private static func follow(
    _ bytes: UnsafeRawBufferPointer, _ index: Int, _ word: StaticString
  ) -> Bool {
    let count = word.utf8CodeUnitCount
    guard index + count < bytes.count else { return false }
    return word.withUTF8Buffer { letters in
      for place in 0..<count where bytes[index + 1 + place] != letters[place] { return false }
      return true
    }
  }
}
