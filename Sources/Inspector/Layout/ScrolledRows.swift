import Grid

/// Rows of text in a pane, of which a part is in sight.
struct ScrolledRows {
  let rows: [[Span]]
  /// Rows there is room for.
  let height: Int
  /// The first row wanted in sight; may lie outside.
  private let wanted: Int

  /// Rows scrolled as far as `wanted` says; nil starts at their end.
  init(_ rows: [[Span]], in rect: Rect, scroll wanted: Int?) {
    (self.rows, height) = (rows, rect.height)
    self.wanted = wanted ?? rows.count
  }

  /// The first row in sight, and the last that can be.
  var first: Int { min(max(0, wanted), last) }
  var last: Int { max(0, rows.count - height) }

  /// Where a pane's text may be this many columns wide.
  static func width(_ rect: Rect) -> Int { max(1, rect.width - 2) }

  /// `↑ 3 ↓ 21 more`.
  static func more(above: Int, below: Int) -> [Span] {
    let words = [(above, "↑ "), (below, "↓ ")].filter { $0.0 > 0 }.map { "\($0.1)\($0.0)" }
    return words.isEmpty ? [] : [Span(words.joined(separator: " ") + " more", .dim)]
  }
}

/// A pane of nothing but rows of text, a column in.
protocol TextRows: PlainRows {
  var shown: ScrolledRows { get }
}

extension TextRows {
  var footer: [Span] {
    let shown = shown
    return ScrolledRows.more(above: shown.first, below: shown.last - shown.first)
  }
  var need: PaneNeed { .rows(shown.rows.count) }
  var texts: [String] { shown.rows.map { $0.map(\.text).joined() } }
  var scroll: Int { shown.first }
  var scrollRange: ClosedRange<Int> { 0...shown.last }
  var visible: [PaneRow] {
    let shown = shown
    return shown.rows[shown.first...].prefix(shown.height).map { .text([Span(" ")] + $0) }
  }
}
