public import Grid
import Simulation
import Timeline

/// Draws a model. Total and pure: any model, any size.
public func view(_ model: Model) -> Frame {
  var grid = Grid(width: model.width, height: model.height)
  guard model.width >= PaneLayout.smallest.width, model.height >= PaneLayout.smallest.height else {
    drawTooSmall(model, &grid)
    return Frame(grid: grid, title: "copyscope")
  }
  switch (model.mode.base, model.session) {
  case (.caches, _): CachesScreen(model: model).draw(into: &grid)
  case (.kernel, _): PiecesScreen(model: model).draw(into: &grid)
  case (.lessons, _), (_, nil): LessonsScreen(model: model).draw(into: &grid)
  case (_, let session?): drawSession(model, session, &grid)
  }
  Overlays(model: model).draw(into: &grid)
  let cursor = PromptLine(model)?.draw(into: &grid)
  let title = model.session.map { "copyscope - \(StoryHeading(model, $0).title)" } ?? "copyscope"
  return Frame(grid: grid, cursor: cursor, title: title)
}

private func drawTooSmall(_ model: Model, _ grid: inout Grid) {
  let need = PaneLayout.smallest
  let lines = wrap(
    "copyscope needs \(need.width)x\(need.height), this is \(model.width)x\(model.height)",
    width: max(1, model.width))
  for (row, line) in lines.enumerated() {
    grid.put(line, x: 0, y: row, role: .warning)
  }
}

private func drawSession(_ model: Model, _ session: Session, _ grid: inout Grid) {
  let parts = ScreenLayout(model)
  let scene = Frozen(PaneScene(model, session))
  let placed = PlacedPanes(scene)
  StatusBars(scene, placed).draw(parts, into: &grid)
  let shown = placed.all
  if model.layout.preset == .wall, !model.layout.isZoomed, BigVerdict.fits(parts.panes) {
    BigVerdict(scene.value)?.draw(in: BigVerdict.split(parts.panes).letters, into: &grid)
  }
  // Borders first, the focused one last, so that it is whole; then what stands in and on them.
  for pane in shown where pane.pane != placed.focus { grid.box(pane.rect) }
  for pane in shown where pane.pane == placed.focus {
    grid.box(pane.rect, role: .borderFocus)
  }
  for shown in shown {
    let (pane, rect) = (shown.pane, shown.rect)
    let inner = rect.inset(columns: 1, rows: 1)
    let context = PaneContext(
      scene, rect: inner, isFocused: pane == placed.focus)
    let rows = placed.rows(pane, context)
    captions(rows, rect, isLowest: rect.endY == parts.panes.endY, &grid)
    grid.clipped(to: inner) { rows.draw(in: inner, into: &$0) }
  }
}

/// The words in a pane's borders: title and state above, what is left below. Of a pane that shares its
/// lower border with the title of another what is left stands above as well.
private func captions(
  _ pane: any PaneRows, _ rect: Rect, isLowest: Bool, _ grid: inout Grid
) {
  let room = rect.width - 4
  guard room > 2 else { return }
  let blank = [Span(" ")]
  var end = pane.end
  let footer = pane.footer
  if !isLowest, !footer.isEmpty {
    // That rows are hidden is told whatever else gives way: the end of the title, then the state.
    let both = end + (end.isEmpty ? [] : [Span("  ")]) + footer
    let least = min(Fitting.columns(pane.title), 16)
    end = Fitting.columns(both) + least + 2 <= room ? both : footer
  }
  let columns = Fitting.columns(end)
  let hasEnd = columns > 0 && columns + 10 <= room
  let title = Fitting.cut(pane.title, width: hasEnd ? room - columns - 2 : room)
  grid.put(blank + title + blank, x: rect.x + 1, y: rect.y)
  if hasEnd { grid.put(blank + end + blank, x: rect.endX - columns - 3, y: rect.y) }
  guard isLowest, !footer.isEmpty, rect.height > 2 else { return }
  let width = min(Fitting.columns(footer), room)
  grid.put(
    blank + footer + blank, x: rect.endX - width - 3, y: rect.endY - 1, width: width + 2)
}
