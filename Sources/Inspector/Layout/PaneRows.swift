import Grid

/// What a pane says in its border and in its rows, as values: drawing, scrolling and searching go by it.
protocol PaneRows {
  /// The pane's name and what it shows, at the left of the upper border.
  var title: [Span] { get }
  /// Its state, at the right of the upper border.
  var end: [Span] { get }
  /// What is left above and below what is in sight.
  var footer: [Span] { get }
  /// What each row says, for searching.
  var texts: [String] { get }
  /// How far the pane is scrolled, and how far it can be. The first of the range brings the first row into sight.
  var scroll: Int { get }
  var scrollRange: ClosedRange<Int> { get }
  /// How many rows it has something to put in. Asked of a pane that has a whole column.
  var need: PaneNeed { get }
  /// Draws what is in sight where the pane stands.
  func draw(in rect: Rect, into grid: inout Grid)
  /// The same in a pane as wide that has another height; nil where all has to be made anew.
  func fitted(to context: PaneContext) -> Self?
}

extension PaneRows {
  var end: [Span] { [] }
  var footer: [Span] { [] }
  var texts: [String] { [] }
  var scroll: Int { 0 }
  var scrollRange: ClosedRange<Int> { 0...0 }
  func fitted(to context: PaneContext) -> Self? { nil }

  /// How far the pane is to be scrolled for a row to be the first in sight, as far as it can.
  func scroll(toRow row: Int) -> Int { scrollRange.nearest(to: scrollRange.lowerBound + row) }

  /// How far the pane is scrolled some rows further on, as far as it can.
  func scroll(by rows: Int) -> Int { scrollRange.nearest(to: scroll + rows) }
}

/// A row of a pane as it is drawn.
enum PaneRow {
  case text([Span])
  /// Signs of a row that is more than text, one row high.
  case picture(Grid)
}

/// Rows that are drawn as they stand, one below the other.
protocol PlainRows: PaneRows {
  /// The rows in sight, from the top.
  var visible: [PaneRow] { get }
}

extension PlainRows {
  func draw(in rect: Rect, into grid: inout Grid) {
    for (line, row) in visible.enumerated() {
      switch row {
      case .text(let spans): grid.put(spans, x: rect.x, y: rect.y + line, width: rect.width)
      case .picture(let picture): grid.draw(picture, x: rect.x, y: rect.y + line)
      }
    }
  }
}

extension ClosedRange {
  /// The value nearest to `value` in the range.
  func nearest(to value: Bound) -> Bound { Swift.min(Swift.max(value, lowerBound), upperBound) }
}
