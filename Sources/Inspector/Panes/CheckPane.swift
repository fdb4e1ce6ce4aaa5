import Grid
import Narration
import Simulation
import Usercopy

/// The check, predicate by predicate, the deciding comparison in sight.
struct CheckPane: PaneContent {
  let context: PaneContext
  private let lines: [TraceLine]
  private let rows: [Row]
  /// The line the reader has stepped to, if stepping.
  private let reached: Int?

  init(context: PaneContext) {
    self.context = context
    lines = context.subject.report.map { TraceWords.lines($0.outcome) } ?? []
    reached = if case .inside(let line) = context.model.mode { line } else { nil }
    rows = Self.rows(lines, reached: reached, width: context.rect.width)
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
    switch outcome.verdict {
    case .allow: return outcome.attempt.entry.rawValue
    case .deny: return VerdictWords.refuser(outcome)
    case .bug, .hang: return outcome.trace.last?.function ?? VerdictWords.refuser(outcome)
    }
  }

  func draw(into grid: inout Grid) {
    let rect = context.rect
    guard !lines.isEmpty else {
      for (row, line) in wrap(hint, width: max(1, rect.width - 2)).enumerated() {
        grid.put(line, x: rect.x + 1, y: rect.y + row, role: .dim)
      }
      return
    }
    let first = self.first
    for row in 0..<rect.height where rows.indices.contains(first + row) {
      draw(rows[first + row], y: rect.y + row, &grid)
    }
  }

  var footer: [Span] {
    let left = rows.count - first - context.rect.height
    return left > 0 ? [Span("↓ \(left) more", .dim)] : []
  }

  /// One row of the pane: a line of the trace, or its values when they need a row of their own.
  private struct Row {
    var line: Int
    var part: Part

    enum Part {
      case whole
      case text
      case values
    }
  }

  /// No line is cut: values that do not fit beside their condition go below it.
  private static func rows(_ lines: [TraceLine], reached: Int?, width: Int) -> [Row] {
    var rows: [Row] = []
    for (index, line) in lines.enumerated() {
      let needed = indent(line, width) + 3 + TextWidth.of(line.text) + 2 + TextWidth.of(line.values)
      if needed > width, !line.values.isEmpty, reached.map({ index <= $0 }) ?? true {
        rows += [Row(line: index, part: .text), Row(line: index, part: .values)]
      } else {
        rows.append(Row(line: index, part: .whole))
      }
    }
    return rows
  }

  /// The first row in sight and the last one that can be.
  var first: Int {
    if let reached {
      let row = rows.lastIndex { $0.line == reached } ?? 0
      return min(max(0, row - context.rect.height / 2), last)
    }
    if let chosen = context.model.checkScroll { return min(chosen, last) }
    let deciding = rows.lastIndex { lines[$0.line].mark == .decided } ?? 0
    return min(max(0, deciding - context.rect.height + 2), last)
  }

  var last: Int { max(0, rows.count - context.rect.height) }

  /// What the rows say, for searching.
  var texts: [String] {
    rows.map { row in
      let line = lines[row.line]
      return row.part == .values ? line.values : "\(line.text)  \(line.values)"
    }
  }

  private static func indent(_ line: TraceLine, _ width: Int) -> Int {
    min(line.depth * (width < 60 ? 1 : 2), width / 4)
  }

  private var hint: String {
    context.session.position == 0
      ? "Press n to take the first step. Checks appear here when something is copied."
      : "No copy in this step. Checks appear here when something is copied."
  }

  private func draw(_ row: Row, y: Int, _ grid: inout Grid) {
    let rect = context.rect
    let line = lines[row.line]
    let indent = String(repeating: " ", count: Self.indent(line, rect.width))
    if let reached, row.line > reached {
      grid.put("   \(indent)·", x: rect.x, y: y, role: .undecided)
      return
    }
    let (sign, role) = sign(line.mark)
    let here: Attributes = reached == row.line ? .reverse : []
    let bold: Attributes = line.mark == .decided ? .bold : []
    let valueRole: Role = line.mark == .decided ? .denied : .value
    if row.part == .values {
      grid.put(
        "\(indent)     \(line.values)", x: rect.x, y: y, role: valueRole, attributes: bold,
        width: rect.width)
      return
    }
    let textRole: Role = role == .dim ? .dim : line.mark == .decided ? .denied : .text
    let used = grid.put(
      [Span(" \(indent)\(sign) ", role, bold), Span(line.text, textRole, bold.union(here))],
      x: rect.x, y: y, width: rect.width)
    guard row.part == .whole else { return }
    let values = TextWidth.of(line.values)
    let column = max(used + 2, min(rect.width * 55 / 100, rect.width - values - 1))
    grid.put(
      TextWidth.truncated(line.values, to: max(0, rect.width - column)), x: rect.x + column, y: y,
      role: valueRole, attributes: bold)
  }

  private func sign(_ mark: TraceLine.Mark) -> (String, Role) {
    switch mark {
    case .call: ("▸", .code)
    case .value: (" ", .dim)
    // Conditions stand as the source spells them: yes is not always good.
    case .passed: ("·", .dim)
    case .agreed: ("✔", .allowed)
    case .refused: ("✘", .denied)
    case .decided: ("✘", .denied)
    case .leave: ("◂", .dim)
    }
  }
}
