import Grid
import Narration
import Simulation
import Text
import Usercopy

/// Draws the check, the deciding comparison in sight.
struct CheckPane {
  let layout: CheckRows

  private var rect: Rect { layout.context.rect }

  func draw(into grid: inout Grid) {
    guard !layout.lines.isEmpty else {
      for (row, line) in wrap(hint, width: max(1, rect.width - 2)).enumerated() {
        grid.put(line, x: rect.x + 1, y: rect.y + row, role: .dim)
      }
      return
    }
    for (y, row) in layout.rows.dropFirst(layout.first).prefix(rect.height).enumerated() {
      draw(row, y: rect.y + y, &grid)
    }
  }

  private var hint: String {
    let rest = "Checks appear here when something is copied."
    guard layout.context.session.position == 0 else { return "No copy in this step. " + rest }
    let key = layout.context.model.keymap.symbol(.next, in: .browse)
    return key.map { "Press \($0) to take the first step. \(rest)" } ?? rest
  }

  private func draw(_ row: CheckRows.Row, y: Int, _ grid: inout Grid) {
    let line = layout.lines[row.line]
    let reached = layout.reached
    let indent = String(repeating: " ", count: CheckRows.indent(line, rect.width))
    if let reached, row.line > reached {
      grid.put("   \(indent)·", x: rect.x, y: y, role: .undecided)
      return
    }
    if row.isFolded {
      grid.put(
        "   \(indent)\(row.text)", x: rect.x, y: y, role: .dim)
      return
    }
    let (sign, role) = sign(line.mark)
    let bold: Attributes = line.mark == .decided ? .bold : []
    let valueRole: Role = line.mark == .decided ? .denied : .value
    let textRole: Role = role == .dim ? .dim : line.mark == .decided ? .denied : .text
    let gutter = CheckRows.gutter(line, rect.width)
    if row.isFirst {
      let isAnswer = CheckRows.answersFirst(rect.width) && !line.answer.isEmpty
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
      CheckRows.answersFirst(rect.width)
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

extension CheckRows {
  func draw(in rect: Rect, into grid: inout Grid) { CheckPane(layout: self).draw(into: &grid) }
}
