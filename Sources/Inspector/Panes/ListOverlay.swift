import Grid

/// A box over the panes with rows of which one is selected.
struct ListOverlay {
  var title: String
  /// What stands at the right of the upper border and in the lower one.
  var end = ""
  var footer = ""
  var rows: [[Span]]
  /// Index of the selected row; nil selects none.
  var selected: Int?

  func draw(in rect: Rect, into grid: inout Grid) {
    // A blank margin parts the box from words cut by it; below the panes nothing stands beside it.
    grid.clear(Rect(x: rect.x - 1, y: rect.y, width: rect.width + 2, height: rect.height))
    let below = max(rect.y, grid.height - 2)
    grid.clear(Rect(x: 0, y: below, width: grid.width, height: max(0, rect.endY - below)))
    grid.box(
      rect, role: .borderFocus, title: [Span(title, .title, .bold)],
      end: end.isEmpty ? [] : [Span(end, .accent)], footer: [Span(footer, .dim)])
    let inner = rect.inset()
    let first = min(
      max(0, (selected ?? 0) - inner.height / 2), max(0, rows.count - inner.height))
    for row in 0..<inner.height where rows.indices.contains(first + row) {
      let y = inner.y + row
      grid.put(Fitting.cut(rows[first + row], width: inner.width - 2), x: inner.x + 1, y: y)
      if first + row == selected {
        grid.put("▸", x: inner.x, y: y)
        grid.paint(Rect(x: inner.x, y: y, width: inner.width, height: 1), role: .selection)
      }
    }
    let more = ScrolledRows.more(above: first, below: rows.count - first - inner.height)
    guard !more.isEmpty else { return }
    let words = [Span(" ")] + more + [Span(" ")]
    grid.put(words, x: rect.endX - 2 - Fitting.columns(words), y: rect.endY - 1)
  }
}
