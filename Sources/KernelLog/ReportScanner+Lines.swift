/// Where the lines of a log begin and end, and what they hold.
extension ReportScanner {
  static func lineStart(_ raw: UnsafeRawBufferPointer, _ from: Int, lowest: Int) -> Int {
    var index = from
    while index > lowest, raw[index - 1] != LogText.lineBreak { index -= 1 }
    return index
  }

  static func lineEnd(_ raw: UnsafeRawBufferPointer, _ from: Int, highest: Int) -> Int {
    var index = from
    while index < highest, raw[index] != LogText.lineBreak { index += 1 }
    return index
  }

  /// End of a line that mailers broke softly, `=` at the end of each part (RFC 2045, 6.7).
  static func softEnd(_ raw: UnsafeRawBufferPointer, _ from: Int, highest: Int) -> Int {
    var end = lineEnd(raw, from, highest: highest)
    while end < highest, isSoft(raw, from, end) { end = lineEnd(raw, end + 1, highest: highest) }
    return end
  }

  /// Whether the line end at an index is a soft one; a ruler of many `=` is none.
  private static func isSoft(_ raw: UnsafeRawBufferPointer, _ from: Int, _ end: Int) -> Bool {
    var last = end - 1
    if last > from, raw[last] == 0x0D { last -= 1 }
    return last > from && raw[last] == UInt8(ascii: "=") && raw[last - 1] != UInt8(ascii: "=")
  }

  /// Bytes of lines as text, carriage returns at line ends dropped.
  static func line(_ raw: UnsafeRawBufferPointer, _ range: Range<Int>) -> String {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(range.count)
    for index in range {
      if raw[index] == LogText.lineBreak {
        while bytes.last == 0x0D { bytes.removeLast() }
      }
      bytes.append(raw[index])
    }
    while bytes.last == 0x0D { bytes.removeLast() }
    return String(decoding: bytes, as: UTF8.self)
  }
}
