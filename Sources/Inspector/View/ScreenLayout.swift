import Grid

/// The parts of the screen around the panes.
struct ScreenLayout {
  let header: Rect
  let panes: Rect
  let status: Rect
  let footer: Rect

  /// First row of the list of lessons.
  static let listTop = 3

  init(_ model: Model) {
    let width = model.width
    let height = model.height
    header = Rect(x: 0, y: 0, width: width, height: 1)
    panes = Rect(x: 0, y: 1, width: width, height: max(0, height - 3))
    status = Rect(x: 0, y: height - 2, width: width, height: 1)
    footer = Rect(x: 0, y: height - 1, width: width, height: 1)
  }

  /// Rows of the list scrolled away so that the selected one is in sight.
  static func listScroll(_ model: Model) -> Int {
    let rows = max(1, model.height - listTop - 4)
    let found = model.foundLessons
    let cursor = found.firstIndex(of: model.lessonCursor) ?? 0
    return max(0, min(cursor - rows / 2, found.count - rows))
  }
}
