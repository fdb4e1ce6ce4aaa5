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
  switch (model.base, model.session) {
  case (.caches, _): CachesScreen(model: model).draw(into: &grid)
  case (.lessons, _), (_, nil): LessonsScreen(model: model).draw(into: &grid)
  case (_, let session?): drawSession(model, session, &grid)
  }
  model.drawOverlay(into: &grid)
  let cursor = PromptLine(model)?.draw(into: &grid)
  let title = model.session.map { "copyscope - \($0.script.title)" } ?? "copyscope"
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
  let scene = Shared(PaneScene(model, session))
  StatusBars(scene).draw(parts, into: &grid)
  let shown = model.layout.rects(in: parts.panes)
  // Borders first, the focused one last, so that it is whole; then what stands in and on them.
  for (pane, rect) in shown where pane != model.layout.focus { grid.box(rect) }
  for (pane, rect) in shown where pane == model.layout.focus { grid.box(rect, role: .borderFocus) }
  for (pane, rect) in shown {
    let inner = rect.inset(columns: 1, rows: 1)
    let context = PaneContext(
      scene, rect: inner, isFocused: pane == model.layout.focus)
    let drawn: any PaneContent =
      switch pane {
      case .memory: MemoryPane(context: context)
      case .check: CheckPane(context: context)
      case .machine: machinePane(context)
      case .story: StoryPane(context: context)
      }
    captions(drawn, rect, isLowest: rect.endY == parts.panes.endY, &grid)
    grid.clipped(to: inner) { drawn.draw(into: &$0) }
  }
}

/// The upper right pane: the gadget when there is one, its wire, its driver's versions, or the eras.
func machinePane(_ context: PaneContext) -> any PaneContent {
  guard let side = context.session.world.gadget else { return ErasPane(context: context) }
  switch context.model.machineView {
  case .gadget: return GadgetPane(context: context, side: side)
  case .wire: return WirePane(context: context, side: side)
  case .drivers:
    guard let both = context.model.drivers?.both else { return ErasPane(context: context) }
    return DriversPane(context: context, both: both)
  case .eras: return ErasPane(context: context)
  }
}

/// The words in a pane's borders: title and state above, what is left below. Of a pane that shares its
/// lower border with the title of another what is left stands above as well.
private func captions(
  _ pane: any PaneContent, _ rect: Rect, isLowest: Bool, _ grid: inout Grid
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

/// What a frame shows.
struct PaneScene: Sendable {
  let model: Model
  let session: Session
  let subject: Subject
  let painter: Painter

  init(_ model: Model, _ session: Session) {
    (self.model, self.session, subject) = (model, session, Subject(model, session))
    painter = Painter(subject)
  }
}

/// What a pane draws from. All panes of a frame share its scene.
struct PaneContext {
  private let scene: Shared<PaneScene>
  /// Inside the border.
  let rect: Rect
  let isFocused: Bool

  init(_ scene: PaneScene, rect: Rect, isFocused: Bool) {
    self.init(Shared(scene), rect: rect, isFocused: isFocused)
  }

  init(_ scene: Shared<PaneScene>, rect: Rect, isFocused: Bool) {
    (self.scene, self.rect, self.isFocused) = (scene, rect, isFocused)
  }

  var model: Model { _read { yield scene.value.model } }
  var session: Session { _read { yield scene.value.session } }
  var subject: Subject { _read { yield scene.value.subject } }
  var painter: Painter { _read { yield scene.value.painter } }
  private var titleRole: Role { isFocused ? .title : .label }

  /// A pane's name and what it shows, for its border.
  func title(_ name: String, _ subject: String? = nil) -> [Span] {
    let name = Span(name, titleRole, .bold)
    guard let subject else { return [name] }
    return [name, Span(" ─ ", .label), Span(subject, titleRole)]
  }
}

/// A pane's words in its border and its picture inside.
protocol PaneContent {
  var title: [Span] { get }
  var end: [Span] { get }
  var footer: [Span] { get }
  /// How far the pane can be scrolled, in rows from where the story puts it.
  var scrollRange: ClosedRange<Int> { get }
  /// What the rows say, for searching.
  var texts: [String] { get }
  func draw(into grid: inout Grid)
}

extension PaneContent {
  var end: [Span] { [] }
  var footer: [Span] { [] }
  var scrollRange: ClosedRange<Int> { 0...0 }
  var texts: [String] { [] }
}
