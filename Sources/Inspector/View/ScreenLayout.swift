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
    for index in model.foundLessons {
      let title = model.lessons[index].chapter
      if title != chapter { lines.append(.heading(title)) }
      chapter = title
      lines.append(.row(index))
    }
    return ListLayout(
      lines, cursor: model.lessonCursor, top: 3, below: LessonsScreen.isWide(model) ? 2 : 4,
      height: model.height)
  }

  static func caches(_ model: Model) -> ListLayout {
    let below = min(CachesScreen.detail, model.height / 3) + 2
    return ListLayout(
      model.foundCaches.map { .row($0) }, cursor: model.caches?.cursor ?? 0,
      top: CachesScreen.top(model), below: below, height: model.height)
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
