/// Breaks text into lines of at most `width` columns, at spaces where possible.
///
/// Newlines break too and empty lines stay; a word wider than a line is cut. A width below 1 gives no lines;
/// a wide scalar in lines of one column gets a line of its own.
public func wrap(_ text: some StringProtocol, width: Int) -> [String] {
  guard width > 0 else { return [] }
  var lines: [String] = []
  for paragraph in text.split(separator: "\n", omittingEmptySubsequences: false) {
    wrap(paragraph: String(paragraph), width: width, into: &lines)
  }
  return lines
}

private func wrap(paragraph: String, width: Int, into lines: inout [String]) {
  var line = String(paragraph.prefix { $0 == " " })
  if line.count >= width { line = "" }
  var used = line.count
  var isStart = true
  for word in paragraph.split(separator: " ") {
    let columns = TextWidth.of(word)
    if !isStart, used + 1 + columns <= width {
      line += " " + word
      used += 1 + columns
      continue
    }
    if !isStart {
      lines.append(line)
      line = ""
      used = 0
    }
    isStart = false
    for scalar in word.unicodeScalars {
      let step = TextWidth.columns(TextWidth.visible(scalar))
      if used > 0, used + step > width {
        lines.append(line)
        line = ""
        used = 0
      }
      line.unicodeScalars.append(scalar)
      used += step
    }
  }
  lines.append(isStart ? "" : line)
}
