import Grid

/// The parts of the screen around the panes.
struct ScreenLayout {
  let header: Rect
  let panes: Rect
  let status: Rect
  let footer: Rect

  init(_ model: Model) {
    let width = model.width
    let height = model.height
    header = Rect(x: 0, y: 0, width: width, height: 1)
    panes = Rect(x: 0, y: 1, width: width, height: max(0, height - 3))
    status = Rect(x: 0, y: height - 2, width: width, height: 1)
    footer = Rect(x: 0, y: height - 1, width: width, height: 1)
  }
}

/// Where the rows of a list that fills the screen stand.
struct ListLayout {
  /// Indices of the rows found, in their order, and the selected one.
  let found: [Int]
  let cursor: Int
  /// Screen row of the first and number of the rows shown.
  let top: Int
  let rows: Int
  /// Rows scrolled away so that the selected one is in sight.
  let scroll: Int

  private init(_ found: [Int], cursor: Int, top: Int, below: Int, height: Int) {
    self.found = found
    self.cursor = cursor
    self.top = top
    rows = max(1, height - top - below)
    scroll = max(0, min((found.firstIndex(of: cursor) ?? 0) - rows / 2, found.count - rows))
  }

  static func lessons(_ model: Model) -> ListLayout {
    ListLayout(
      model.foundLessons, cursor: model.lessonCursor, top: 3, below: 4, height: model.height)
  }

  static func caches(_ model: Model) -> ListLayout {
    let below = min(CachesScreen.detail, model.height / 3) + 2
    return ListLayout(
      model.foundCaches, cursor: model.caches?.cursor ?? 0, top: CachesScreen.top(model),
      below: below, height: model.height)
  }

  /// The rows in sight: screen row and index.
  var shown: [(y: Int, index: Int)] {
    found.dropFirst(scroll).prefix(rows).enumerated().map { (top + $0.offset, $0.element) }
  }

  /// Index of what stands on a screen row.
  func row(at y: Int) -> Int? { shown.first { $0.y == y }?.index }
}
