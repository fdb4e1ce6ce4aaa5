import Text

/// Breaks text into lines of at most `width` columns, at spaces where possible.
///
/// Newlines break too and empty lines stay; a word wider than a line is cut. A width below 1 gives no lines;
/// a wide scalar in lines of one column gets a line of its own.
public func wrap(_ text: String, width: Int) -> [String] {
  guard width > 0 else { return [] }
  var lines: [String] = []
  // Native strings: their bytes are looked at many times.
  var text = text
  text.makeContiguousUTF8()
  for paragraph in text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false) {
    let plain = paragraph.withContiguousStorageIfAvailable { bytes in
      wrap(plain: bytes, width: width, into: &lines)
    }
    if plain != true { wrap(paragraph: Substring(paragraph), width: width, into: &lines) }
  }
  return lines
}

/// Wraps printable ASCII with single blanks between words that all fit into a line, which most text is;
/// false, having done nothing, for any other.
private func wrap(
  plain bytes: UnsafeBufferPointer<UInt8>, width: Int, into lines: inout [String]
) -> Bool {
  var ranges: [Range<Int>] = []
  var start = 0
  var blank: Int?
  for (index, byte) in bytes.enumerated() {
    guard TextWidth.isPlain(byte) else { return false }
    if byte == 0x20 {
      // Blanks side by side, or at the start, are the careful way's business.
      if index == start || blank == index - 1 { return false }
      if index - start > width {
        guard let end = blank else { return false }
        ranges.append(start..<end)
        start = end + 1
        if index - start > width { return false }
      }
      blank = index
    }
  }
  if bytes.last == 0x20 || bytes.isEmpty { return false }
  if bytes.count - start > width {
    guard let end = blank else { return false }
    ranges.append(start..<end)
    start = end + 1
    if bytes.count - start > width { return false }
  }
  ranges.append(start..<bytes.count)
  for range in ranges {
    lines.append(String(decoding: UnsafeBufferPointer(rebasing: bytes[range]), as: UTF8.self))
  }
  return true
}

private func wrap(paragraph: Substring, width: Int, into lines: inout [String]) {
  let indent = paragraph.utf8.prefix { $0 == 0x20 }.count
  var line = indent < width ? String(repeating: " ", count: indent) : ""
  var used = line.utf8.count
  var isStart = true
  for bytes in paragraph.utf8.split(separator: 0x20) {
    let word = Substring(bytes)
    let columns = TextWidth.of(word)
    if !isStart, used + 1 + columns <= width {
      line += " "
      line += word
      used += 1 + columns
      continue
    }
    if !isStart {
      lines.append(line)
      line = ""
      used = 0
    }
    isStart = false
    if used + columns <= width {
      line += word
      used += columns
      continue
    }
    // A joiner without what it joined would be hidden, and take a column.
    for element in ShownText(word) where element.form != .leftOut {
      let step = element.columns
      if used > 0, used + step > width {
        lines.append(line)
        line = ""
        used = 0
      }
      line.unicodeScalars.append(element.scalar)
      used += step
    }
  }
  lines.append(isStart ? "" : line)
}
