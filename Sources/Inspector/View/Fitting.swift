import Grid

/// Pieces of a line that are shown whole or not at all.
enum Fitting {
  /// As many of `parts`, in order, as fit into `width` columns, `gap` columns apart. A part that
  /// does not fit is left out and those behind it are still tried.
  static func line(_ parts: [[Span]], width: Int, gap: Int = 2) -> [Span] {
    var line: [Span] = []
    var used = 0
    for part in parts where !part.isEmpty {
      let space = line.isEmpty ? 0 : gap
      let columns = columns(part)
      guard used + space + columns <= width else { continue }
      if space > 0 { line.append(Span(String(repeating: " ", count: space))) }
      line += part
      used += space + columns
    }
    return line
  }

  /// The first of the forms, longest first, that fits; the last one if none does.
  static func first(_ forms: [String], width: Int) -> String {
    forms.first { TextWidth.of($0) <= width } ?? forms.last ?? ""
  }

  static func columns(_ spans: [Span]) -> Int { spans.reduce(0) { $0 + $1.columns } }

  /// The text with blanks behind it, cut when it is longer.
  static func padded(_ text: String, _ width: Int) -> String {
    let shown = TextWidth.truncated(text, to: max(0, width))
    return shown + String(repeating: " ", count: max(0, width - TextWidth.of(shown)))
  }
}
