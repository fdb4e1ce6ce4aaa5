import Grid
import Narration
import Simulation
import Text
import Usercopy

/// The rows of the check, predicate by predicate, and which of them are in sight.
struct CheckRows: PaneRows {
  let context: PaneContext
  let lines: [TraceLine]
  let rows: [Row]
  /// The rows where every line is shown, and those without what merely agreed.
  private let all, folded: [Row]
  /// Whoever steps through the lines or has come to the pane sees them all.
  private let isRead: Bool
  /// The line the reader has stepped to, if stepping.
  let reached: Int?

  init(_ context: PaneContext) {
    self.context = context
    lines = context.check
    reached = if case .inside(let line) = context.model.mode.base { line } else { nil }
    let width = context.rect.width
    all = Self.rows(lines, lines.indices.map { .whole($0) }, reached: reached, width: width)
    isRead =
      reached != nil || context.isFocused && context.model.layout.isChosen
      || context.model.scrolls[.check] != nil
    folded =
      isRead ? [] : Self.rows(lines, CheckFolding.fold(lines), reached: nil, width: width)
    rows = Self.shown(lines, all, isRead ? nil : folded, height: context.rect.height)
  }

  private init(_ made: CheckRows, in context: PaneContext) {
    self.context = context
    (lines, reached, all, folded, isRead) =
      (made.lines, made.reached, made.all, made.folded, made.isRead)
    rows = Self.shown(lines, all, isRead ? nil : folded, height: context.rect.height)
  }

  func fitted(to context: PaneContext) -> CheckRows? { CheckRows(self, in: context) }

  /// What of the rows is shown; whoever reads them has no folded ones.
  private static func shown(_ lines: [TraceLine], _ all: [Row], _ folded: [Row]?, height: Int)
    -> [Row]
  {
    guard let folded, all.count > height else { return all }
    return CheckExcerpt(lines, folded, height: height).rows
  }

  var title: [Span] {
    if context.subject.isOpen {
      return context.title("Check", context.subject.report?.outcome.attempt.entry.rawValue)
    }
    if context.rect.isEmpty, lines.isEmpty {
      return context.title("Check", "no copy in this step")
    }
    return context.title("Check", (context.subject.report?.outcome).map(decider))
  }

  var end: [Span] {
    guard let step = reached, !lines.isEmpty else { return [] }
    return [Span("line \(step + 1)/\(lines.count)", .accent)]
  }

  /// The function that decided.
  private func decider(_ outcome: CopyOutcome) -> String {
    switch outcome.verdict {
    case .allow: return outcome.attempt.entry.rawValue
    case .deny: return VerdictWords.refuser(outcome)
    case .bug, .hang: return outcome.trace.last?.function ?? VerdictWords.refuser(outcome)
    }
  }

  var footer: [Span] { ScrolledRows.more(above: first, below: last - first) }

  /// One row of the pane: a line of the trace, or what does not fit beside it.
  struct Row {
    var line: Int
    /// Part of the line's text, and whether the line starts with it.
    var text = ""
    var isFirst = true
    /// Values that stand in the row.
    var values = ""
    /// It stands for lines that are not shown.
    var isFolded = false
  }

  /// Where conditions are answered: before them in a narrow pane, in a column of their own in others.
  static func answersFirst(_ width: Int) -> Bool { width < 60 }

  /// Columns before the text of a line: indent, sign or answer.
  static func gutter(_ line: TraceLine, _ width: Int) -> Int {
    indent(line, width) + (answersFirst(width) && !line.answer.isEmpty ? 5 : 3)
  }

  /// What stands behind the text: values, and before them the answer if there is a column for it.
  private static func behind(_ line: TraceLine, _ width: Int) -> String {
    // The comparison that decided keeps its cross in front.
    answersFirst(width) && line.mark != .decided ? line.values : line.result
  }

  /// No line is cut: values that do not fit beside their condition go below it, and long conditions go on in
  /// the next row.
  private static func rows(
    _ lines: [TraceLine], _ shown: [CheckFolding.Line], reached: Int?, width: Int
  ) -> [Row] {
    var rows: [Row] = []
    for folded in shown {
      let index: Int
      var line: TraceLine
      switch folded {
      case .whole(let place): (index, line) = (place, lines[place])
      case .agreed(let place, let count):
        rows.append(Row(line: place, text: TraceWords.agreed(count), isFolded: true))
        continue
      case .function(let place, let agreed):
        (index, line) = (place, lines[place])
        line.values = TraceWords.agreed(agreed)
      }
      guard reached.map({ index <= $0 }) ?? true else {
        rows.append(Row(line: index))
        continue
      }
      let room = max(8, width - gutter(line, width))
      // Bytes are no fewer than columns: most lines fit as they are.
      var parts = line.text.utf8.count <= room ? [line.text] : wrap(line.text, width: room)
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
    if let chosen = context.model.scrolls[.check] { return min(chosen, last) }
    let focus = CheckFolding.focus(lines)
    let deciding = rows.lastIndex { $0.line == focus && !$0.isFolded } ?? 0
    return min(max(0, deciding - context.rect.height + 2), last)
  }

  var last: Int { max(0, rows.count - context.rect.height) }

  var scroll: Int { first }
  var scrollRange: ClosedRange<Int> { 0...last }

  var texts: [String] {
    rows.map { row in [row.text, row.values].filter { !$0.isEmpty }.joined(separator: "  ") }
  }

  /// Nothing without a copy.
  var need: PaneNeed {
    guard !rows.isEmpty else { return .nothing }
    // What decided stands near the end of the folded lines, with the calls that led there.
    let folded = isRead ? all.count : folded.count
    return PaneNeed(least: min(folded, 6), well: min(folded, 12), whole: folded, most: all.count)
  }

  static func indent(_ line: TraceLine, _ width: Int) -> Int {
    min(line.depth * (width < 60 ? 1 : 2), width / 4)
  }
}
