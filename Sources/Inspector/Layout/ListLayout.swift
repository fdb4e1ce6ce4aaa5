import Grid
import KernelLog

/// Where the rows of a list that fills the screen stand.
struct ListLayout {
  /// A line of the list.
  enum Line {
    case heading(String)
    /// A row, by its index.
    case row(Int)
  }

  /// Indices of the rows found, in their order, and the selected one.
  let found: [Int]
  let cursor: Int
  /// Screen row of the first and number of the lines shown.
  let top: Int
  let rows: Int
  /// Lines scrolled away so that the selected row is in sight.
  let scroll: Int
  /// Rows below the last line shown.
  let below: Int
  private let lines: [Line]

  private init(_ lines: [Line], cursor: Int, top: Int, below: Int, height: Int) {
    self.lines = lines
    self.cursor = cursor
    self.top = top
    found = lines.compactMap { if case .row(let index) = $0 { index } else { nil } }
    rows = max(1, height - top - below)
    let selected = lines.firstIndex { if case .row(cursor) = $0 { true } else { false } }
    scroll = max(0, min((selected ?? 0) - rows / 2, lines.count - rows))
    self.below = lines.dropFirst(scroll + rows).count { if case .row = $0 { true } else { false } }
  }

  /// The lessons under the titles of their chapters.
  static func lessons(_ model: Model) -> ListLayout {
    var lines: [Line] = []
    var chapter = ""
    for index in model.lessonList.found(model.search.text) {
      let title = model.lessonList.items[index].chapter
      if title != chapter { lines.append(.heading(title)) }
      chapter = title
      lines.append(.row(index))
    }
    return ListLayout(
      lines, cursor: model.lessonList.cursor, top: 3, below: isWide(model) ? 2 : 4,
      height: model.height)
  }

  /// Whether there is room for the selected lesson beside the list.
  static func isWide(_ model: Model) -> Bool { model.width >= 100 }

  /// The slab caches; below them five rows for what is known of the selected one.
  static func caches(_ model: Model) -> ListLayout {
    ListLayout(
      (model.caches?.found(model.search.text) ?? []).map { .row($0) },
      cursor: model.caches?.cursor ?? 0, top: 3 + max(1, notRead(model).count),
      below: min(5, model.height / 3) + 2, height: model.height)
  }

  /// What a file holds of a real kernel's memory; below it five rows for what is known of the selected piece.
  static func pieces(_ model: Model) -> ListLayout {
    ListLayout(
      (model.pieces?.found(model.search.text) ?? []).map { .row($0) },
      cursor: model.pieces?.cursor ?? 0, top: 4, below: min(5, model.height / 3) + 2,
      height: model.height)
  }

  /// What could not be read of the caches, in at most two rows.
  static func notRead(_ model: Model) -> [String] {
    guard let unread = model.caches?.listing.unread, !unread.isEmpty else { return [] }
    let lines = wrap(
      "not read: " + unread.joined(separator: " · "), width: max(1, model.width - 4))
    return lines.count > 2 ? [lines[0], lines[1] + " …"] : lines
  }

  /// The lines in sight and their screen rows.
  var visible: [(y: Int, line: Line)] {
    lines.dropFirst(scroll).prefix(rows).enumerated().map { (top + $0.offset, $0.element) }
  }

  /// The rows in sight: screen row and index.
  var shown: [(y: Int, index: Int)] {
    visible.compactMap { y, line in if case .row(let index) = line { (y, index) } else { nil } }
  }

  /// Index of what stands on a screen row.
  func row(at y: Int) -> Int? { shown.first { $0.y == y }?.index }
}
