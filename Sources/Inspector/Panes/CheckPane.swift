import Grid
import Narration
import Simulation
import Text
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
    reached = if case .inside(let line) = context.model.base { line } else { nil }
    rows = Self.rows(lines, reached: reached, width: context.rect.width)
  }

  var title: [Span] {
    context.title("Check", (context.subject.report?.outcome).map(gate))
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

  var footer: [Span] { ScrolledRows.more(above: first, below: last - first) }

  /// One row of the pane: a line of the trace, or what does not fit beside it.
  private struct Row {
    var line: Int
    /// Part of the line's text, and whether the line starts with it.
    var text = ""
    var isFirst = true
    /// Values that stand in the row.
    var values = ""
  }

  /// Where conditions are answered: before them in a narrow pane, in a column of their own in others.
  private static func answersFirst(_ width: Int) -> Bool { width < 60 }

  /// Columns before the text of a line: indent, sign or answer.
  private static func gutter(_ line: TraceLine, _ width: Int) -> Int {
    indent(line, width) + (answersFirst(width) && !line.answer.isEmpty ? 5 : 3)
  }

  /// What stands behind the text: values, and before them the answer if there is a column for it.
  private static func behind(_ line: TraceLine, _ width: Int) -> String {
    // The comparison that decided keeps its cross in front.
    answersFirst(width) && line.mark != .decided ? line.values : line.result
  }

  /// No line is cut: values that do not fit beside their condition go below it, and long conditions go on in
  /// the next row.
  private static func rows(_ lines: [TraceLine], reached: Int?, width: Int) -> [Row] {
    var rows: [Row] = []
    for (index, line) in lines.enumerated() {
      guard reached.map({ index <= $0 }) ?? true else {
        rows.append(Row(line: index))
        continue
      }
      let room = max(8, width - gutter(line, width))
      var parts = wrap(line.text, width: room)
      if parts.isEmpty { parts = [""] }
      for (number, part) in parts.enumerated() {
        rows.append(Row(line: index, text: part, isFirst: number == 0))
      }
      let values = behind(line, width)
      let used = gutter(line, width) + TextWidth.of(parts.last ?? "")
      if used + 2 + TextWidth.of(values) <= width {
        rows[rows.count - 1].values = values
      } else {
        rows.append(Row(line: index, isFirst: false, values: values))
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
    rows.map { row in [row.text, row.values].filter { !$0.isEmpty }.joined(separator: "  ") }
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
    let bold: Attributes = line.mark == .decided ? .bold : []
    let valueRole: Role = line.mark == .decided ? .denied : .value
    let textRole: Role = role == .dim ? .dim : line.mark == .decided ? .denied : .text
    let gutter = Self.gutter(line, rect.width)
    if row.isFirst {
      let isAnswer = Self.answersFirst(rect.width) && !line.answer.isEmpty
      let word = isAnswer ? Fitting.padded(line.mark == .decided ? sign : line.answer, 3) : sign
      grid.put(
        [Span(" \(indent)\(word) ", isAnswer && role == .dim ? .value : role, bold)], x: rect.x,
        y: y)
    }
    let used =
      gutter
      + grid.put(
        [Span(row.text, textRole, bold)], x: rect.x + gutter, y: y, width: rect.width - gutter)
    let values = TextWidth.of(row.values)
    // Values stand in a column where there is one, else at the right edge.
    let column =
      Self.answersFirst(rect.width)
      ? rect.width - values - 1 : min(rect.width * 55 / 100, rect.width - values - 1)
    let behind = row.text.isEmpty ? gutter : used + 2
    grid.put(
      [Span(row.values, valueRole, bold)], x: rect.x + max(behind, column), y: y,
      width: max(0, rect.width - max(behind, column)))
    if reached == row.line {
      grid.paint(Rect(x: rect.x, y: y, width: rect.width, height: 1), role: .selection)
    }
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
