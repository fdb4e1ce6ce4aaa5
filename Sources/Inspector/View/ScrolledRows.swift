import Grid

/// Rows of text in a pane, of which a part is in sight.
struct ScrolledRows {
  let rows: [[Span]]
  let rect: Rect
  /// The first row wanted in sight.
  let scroll: Int

  /// The first row in sight, and the last that can be.
  var first: Int { min(max(0, scroll), last) }
  var last: Int { max(0, rows.count - rect.height) }

  /// Where a pane's text may be this many columns wide.
  static func width(_ rect: Rect) -> Int { max(1, rect.width - 2) }

  /// What is left above and below, for the border.
  var footer: [Span] { Self.more(above: first, below: last - first) }

  /// `↑ 3 ↓ 21 more`.
  static func more(above: Int, below: Int) -> [Span] {
    let words = [(above, "↑ "), (below, "↓ ")].filter { $0.0 > 0 }.map { "\($0.1)\($0.0)" }
    return words.isEmpty ? [] : [Span(words.joined(separator: " ") + " more", .dim)]
  }

  var texts: [String] { rows.map { $0.map(\.text).joined() } }

  func draw(into grid: inout Grid) {
    for (line, row) in rows[first...].prefix(rect.height).enumerated() {
      grid.put(row, x: rect.x + 1, y: rect.y + line, width: rect.width - 1)
    }
  }
}
