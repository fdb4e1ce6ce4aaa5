import Grid
import Narration
import Simulation
import Usercopy

/// The check, predicate by predicate, the deciding comparison in sight.
struct CheckPane: PaneContent {
  let context: PaneContext
  private let lines: [TraceLine]

  init(context: PaneContext) {
    self.context = context
    lines = context.subject.report.map { TraceWords.lines($0.outcome) } ?? []
  }

  var title: [Span] {
    var spans = [Span("Check", context.titleRole, .bold)]
    if let outcome = context.subject.report?.outcome {
      spans.append(Span(" ─ \(gate(outcome))", context.titleRole))
    }
    return spans
  }

  var end: [Span] {
    guard let step = reached, !lines.isEmpty else { return [] }
    return [Span("line \(step + 1)/\(lines.count)", .accent)]
  }

  private func gate(_ outcome: CopyOutcome) -> String {
    if outcome.verdict == .allow { return outcome.attempt.entry.rawValue }
    return VerdictWords.refuser(outcome)
  }

  /// The line the reader has stepped to, if stepping.
  private var reached: Int? {
    if case .inside(let line) = context.model.mode { line } else { nil }
  }

  func draw(into grid: inout Grid) {
    let rect = context.rect
    guard !lines.isEmpty else {
      for (row, line) in wrap(hint, width: max(1, rect.width - 2)).enumerated() {
        grid.put(line, x: rect.x + 1, y: rect.y + row, role: .dim)
      }
      return
    }
    let first = firstLine(rows: rect.height)
    for row in 0..<rect.height {
      let index = first + row
      guard lines.indices.contains(index) else { break }
      draw(lines[index], index, y: rect.y + row, &grid)
    }
    let left = lines.count - first - rect.height
    if left > 0 {
      grid.put("↓\(left)", x: rect.endX - 4, y: rect.endY - 1, role: .dim)
    }
  }

  private var hint: String {
    context.session.position == 0
      ? "Press n to take the first step. Checks appear here when something is copied."
      : "No copy in this step. Checks appear here when something is copied."
  }

  private func firstLine(rows: Int) -> Int {
    let last = max(0, lines.count - rows)
    if let reached { return min(max(0, reached - rows / 2), last) }
    if let chosen = context.model.checkScroll { return min(chosen, last) }
    let deciding = lines.firstIndex { $0.mark == .decided } ?? 0
    return min(max(0, deciding - rows + 2), last)
  }

  private func draw(_ line: TraceLine, _ index: Int, y: Int, _ grid: inout Grid) {
    let rect = context.rect
    if let reached, index > reached {
      grid.put(
        String(repeating: " ", count: line.depth * 2 + 3) + "·", x: rect.x, y: y,
        role: .undecided)
      return
    }
    let (sign, role) = sign(line.mark)
    let here: Attributes = reached == index ? .reverse : []
    let bold: Attributes = line.mark == .decided ? .bold : []
    let indent = String(repeating: " ", count: min(line.depth * 2, rect.width / 3))
    let used = grid.put(
      [
        Span(" \(indent)\(sign) ", role, bold),
        Span(
          line.text, role == .dim ? .dim : line.mark == .decided ? .denied : .text, bold.union(here)
        ),
      ], x: rect.x, y: y, width: rect.width)
    let column = max(
      used + 2, min(rect.width * 55 / 100, rect.width - TextWidth.of(line.values) - 1))
    grid.put(
      line.values, x: rect.x + column, y: y, role: line.mark == .decided ? .denied : .value,
      attributes: bold, width: max(0, rect.width - column))
  }

  private func sign(_ mark: TraceLine.Mark) -> (String, Role) {
    switch mark {
    case .call: ("▸", .code)
    case .value: ("·", .dim)
    case .passed: ("✔", .allowed)
    case .decided: ("✘", .denied)
    case .leave: ("◂", .dim)
    }
  }
}
