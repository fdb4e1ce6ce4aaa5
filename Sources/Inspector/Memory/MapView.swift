import Grid
import Narration
import Simulation
import Usercopy

/// Every start and length around the copy as one picture: allowed, leaky, denied.
struct MapView {
  let context: PaneContext

  func draw(into grid: inout Grid) {
    let rect = context.rect
    guard let request = context.subject.request, let before = context.subject.before,
      let attempt = try? before.attempt(request)
    else {
      for (row, line) in wrap(
        "The map shows every start and length of a copy at once. Step to a copy, or press e to "
          + "try one.", width: max(1, rect.width - 2)
      ).enumerated() {
        grid.put(line, x: rect.x + 1, y: rect.y + row, role: .dim)
      }
      return
    }
    let area = Rect(
      x: rect.x + 7, y: rect.y + 1, width: max(1, rect.width - 8), height: max(1, rect.height - 4))
    let scale = MapScale(before, attempt, width: area.width, height: area.height)
    head(scale, &grid)
    axes(scale, area, &grid)
    let judge = MapJudge(context, before, attempt)
    for column in 0..<scale.columns {
      let start = scale.start(column: column)
      for row in 0..<area.height {
        grid[area.x + column, area.y + row] = judge.cell(
          start: start, length: scale.length(row: row))
      }
    }
    cursor(scale, attempt, area, &grid)
    legend(attempt, y: rect.endY - 2, &grid)
    if let first = CopyCaption.lines(context).first {
      grid.put(first, x: rect.x, y: rect.endY - 1, width: rect.width)
    }
  }

  private func head(_ scale: MapScale, _ grid: inout Grid) {
    let rect = context.rect
    let parts: [[Span]] = [
      [Span("length ↑  start →", .label)],
      [
        Span(
          "1 cell = \(scale.bytesPerColumn) × \(ValueWords.bytes(scale.bytesPerRow))", .dim)
      ],
    ]
    grid.put(
      Fitting.line(parts, width: rect.width - 2, gap: 3), x: rect.x + 1, y: rect.y,
      width: rect.width)
  }

  /// Lengths at the left, the objects' names below their teeth.
  private func axes(_ scale: MapScale, _ area: Rect, _ grid: inout Grid) {
    let every = max(1, area.height > 12 ? 4 : 2)
    for row in 0..<area.height {
      let isLabelled = (area.height - 1 - row) % every == 0
      let text = isLabelled ? ValueWords.quantity(scale.length(row: row)) : ""
      grid.put(
        String(repeating: " ", count: max(0, 5 - text.count)) + text + (isLabelled ? "┤" : "│"),
        x: area.x - 6, y: area.y + row, role: isLabelled ? .label : .border)
    }
    let y = area.endY
    guard scale.perObject > 0 else {
      grid.hline(x: area.x, y: y, width: scale.columns)
      return
    }
    for (index, name) in scale.names.enumerated() {
      let x = area.x + index * scale.perObject
      grid.hline(x: x, y: y, width: scale.perObject)
      grid.put("├", x: x, y: y, role: .border)
      grid.put(
        TextWidth.truncated(name, to: max(0, scale.perObject - 2)), x: x + 1, y: y, role: .text,
        width: max(0, area.endX - x - 1))
    }
  }

  private func cursor(_ scale: MapScale, _ attempt: CopyAttempt, _ area: Rect, _ grid: inout Grid) {
    guard let column = scale.column(of: attempt.kernel) else { return }
    let (row, isBeyond) = scale.row(of: attempt.length)
    grid.put(
      isBeyond ? "▲" : "⊕", x: area.x + column, y: area.y + row, role: .cursor,
      attributes: [.bold, .reverse])
    guard isBeyond else { return }
    let words = " \(ValueWords.quantity(attempt.length)) "
    let fits = column + 1 + words.count <= area.width
    grid.put(
      words, x: area.x + (fits ? column + 1 : max(0, column - words.count)), y: area.y + row,
      role: .cursor, attributes: .reverse)
  }

  private func legend(_ attempt: CopyAttempt, y: Int, _ grid: inout Grid) {
    let rect = context.rect
    var parts: [[Span]] = [
      [Span("·", .allowed, .bold), Span(" allowed", .allowed)],
      [Span("░", .leaky, .bold), Span(" leaky", .leaky)],
      [Span("!", .denied, .reverse), Span(" denied", .denied)],
      [Span("⊕", .cursor, .bold), Span(" this copy", .text)],
    ]
    if let other = context.model.memory.comparedEra {
      let era = context.subject.world.era.id
      parts = [
        [Span("a", .warning, .bold), Span(" only \(era) allows", .warning)],
        [Span("b", .accent, .bold), Span(" only \(other.id) allows", .accent)],
      ]
    }
    grid.put(
      Fitting.line(parts, width: rect.width - 2), x: rect.x + 1, y: y, width: rect.width)
  }
}

/// The verdict of one cell of the map.
struct MapJudge {
  private let world: World
  private let attempt: CopyAttempt
  private let era: Era
  private let compared: Era?

  init(_ context: PaneContext, _ world: World, _ attempt: CopyAttempt) {
    self.world = world
    self.attempt = attempt
    era = context.subject.world.era
    compared = context.model.memory.comparedEra
  }

  func cell(start: Address, length: UInt64) -> Cell {
    var tried = attempt
    tried.kernel = start
    tried.length = length
    let outcome = world.kernel.judge(tried, under: era, recording: false)
    if let compared {
      let second = world.kernel.judge(tried, under: compared, recording: false)
      if (outcome.verdict == .allow) != (second.verdict == .allow) {
        return outcome.verdict == .allow
          ? Cell("a", role: .warning, attributes: .bold)
          : Cell("b", role: .accent, attributes: .bold)
      }
    }
    guard outcome.verdict == .allow else { return Cell("!", role: .denied, attributes: .reverse) }
    return world.kernel.leaks(outcome).isEmpty
      ? Cell("·", role: .allowed) : Cell("░", role: .leaky)
  }
}
