import Grid
import Text

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

  /// The spans in rows of at most `width` columns, broken between words, rows after the first `indent`
  /// columns in. A word that is too long for a row is cut where the row ends.
  static func wrapped(_ spans: [Span], width: Int, indent: Int = 2) -> [[Span]] {
    let room = max(1, width)
    var rows: [[Span]] = [[]]
    var used = 0
    for span in spans {
      var goesOn = false
      for word in words(span.text) {
        let columns = TextWidth.of(word)
        if used + TextWidth.of(trimmed(word)) > room, used > 0 {
          let step = min(indent, room - 1)
          rows.append(step > 0 ? [Span(String(repeating: " ", count: step))] : [])
          used = step
          goesOn = false
        }
        let shown =
          used + columns > room
          ? TextWidth.truncated(trimmed(word), to: room - used) : String(word)
        let last = rows[rows.count - 1].count - 1
        if goesOn {
          rows[rows.count - 1][last].text += shown
        } else {
          rows[rows.count - 1].append(Span(shown, span.role, span.attributes))
        }
        goesOn = true
        used += TextWidth.of(shown)
      }
    }
    return rows
  }

  /// Words with the blanks behind them; blanks at the start are a word.
  private static func words(_ text: String) -> [Substring] {
    var words: [Substring] = []
    var start = text.startIndex
    var wasBlank = false
    for index in text.utf8.indices {
      let isBlank = text.utf8[index] == 0x20
      if wasBlank, !isBlank {
        words.append(text[start..<index])
        start = index
      }
      wasBlank = isBlank
    }
    return start < text.endIndex ? words + [text[start...]] : words
  }

  private static func trimmed(_ word: Substring) -> Substring {
    guard let last = word.utf8.lastIndex(where: { $0 != 0x20 }) else { return word.prefix(0) }
    return word[...last]
  }

  /// The spans in at most `width` columns; where they are too long the last of the text gives way to `…`,
  /// the spans from index `before` on stay whole if they can.
  static func cut(_ spans: [Span], width: Int, before tail: Int? = nil) -> [Span] {
    guard columns(spans) > width else { return spans }
    let split = tail ?? spans.count
    let kept = Array(spans[min(split, spans.count)...])
    let room = width - columns(kept)
    guard room > 1 else { return split == spans.count ? [] : cut(spans, width: width) }
    guard columns(Array(spans[..<split])) > room else { return spans }
    var result: [Span] = []
    var rest = room - 1
    for span in spans[..<split] where rest > 0 {
      let isWhole = TextWidth.of(span.text) <= rest
      var part = span
      // One column more than there is cuts the text without a mark of its own.
      if !isWhole { part.text = String(TextWidth.truncated(span.text, to: rest + 1).dropLast()) }
      result.append(part)
      rest -= TextWidth.of(part.text)
      if !isWhole { break }
    }
    return result + [Span("…", result.last?.role ?? .text)] + kept
  }

  static func columns(_ spans: [Span]) -> Int { spans.reduce(0) { $0 + $1.columns } }

  /// The text with blanks behind it, cut when it is longer.
  static func padded(_ text: String, _ width: Int) -> String {
    let shown = TextWidth.truncated(text, to: max(0, width))
    return shown + String(repeating: " ", count: max(0, width - TextWidth.of(shown)))
  }
}
