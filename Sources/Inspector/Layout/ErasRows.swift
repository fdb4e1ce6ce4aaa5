import Grid
import Narration
import Simulation
import Text
import Usercopy

/// The same copy under every era, side by side.
struct ErasRows: PlainRows {
  let context: PaneContext

  init(_ context: PaneContext) { self.context = context }

  var title: [Span] { context.title("Eras", "the same copy") }

  private var eras: [Era] { Era.compared(with: context.subject.world.era) }

  /// The eras, in two columns where there is little room, and what is known of the present one.
  var visible: [PaneRow] {
    let rect = context.rect
    let verdicts = context.subject.verdicts
    let isCompact = rect.height < eras.count + 2
    let count = isCompact ? (eras.count + 1) / 2 : eras.count
    let widths = isCompact ? halves(verdicts) : (rect.width, 0)
    var rows = [Grid](repeating: Grid(width: rect.width, height: 1), count: count)
    for (index, era) in eras.enumerated() {
      let outcome = verdicts.firstIndex { $0.era == era.id }
      let isRight = index >= count
      rows[index % count].put(
        entry(era, outcome, isCompact: isCompact, pad: isRight ? 5 : 8), x: isRight ? widths.0 : 0,
        y: 0, width: isRight ? max(0, widths.1) : widths.0)
    }
    let gap: [PaneRow] = isCompact ? [] : [.text([])]
    let room = rect.height - count - gap.count
    guard room > 0 else { return rows.map { .picture($0) } }
    return rows.map { .picture($0) } + gap
      + about(context.subject.world.era, rows: room).map { .text([Span(" "), Span($0, .dim)]) }
  }

  var need: PaneNeed {
    let about = about(context.subject.world.era, rows: context.rect.height).count
    let twoColumns = (eras.count + 1) / 2
    return PaneNeed(least: twoColumns, well: twoColumns, most: eras.count + 1 + about)
  }

  /// Columns of the left and right halves: as many as the left one needs, the rest for the other.
  private func halves(_ verdicts: [CopyOutcome]) -> (Int, Int) {
    let rows = (eras.count + 1) / 2
    let left = eras.prefix(rows).map { era in
      Fitting.columns(
        entry(era, verdicts.firstIndex { $0.era == era.id }, isCompact: true))
    }
    let width = min((left.max() ?? 0) + 1, context.rect.width * 6 / 10)
    return (width, context.rect.width - width)
  }

  private func entry(_ era: Era, _ index: Int?, isCompact: Bool, pad: Int = 8)
    -> [Span]
  {
    let isCurrent = era == context.subject.world.era
    let bold: Attributes = isCurrent ? .bold : []
    let name = isCompact ? era.shortName : era.id
    var spans = [
      Span(isCurrent ? "▸" : " ", .accent, .bold),
      Span(Fitting.padded(name, isCompact ? pad : 11) + " ", isCurrent ? .text : .dim, bold),
    ]
    guard let index else {
      // Its kernels have no such slab, or no such function.
      let isMissing = !context.subject.verdicts.isEmpty
      let when = isCompact ? Self.year(era) : era.date
      spans.append(Span(isMissing ? "– " + (isCompact ? "n/a" : "not there") : when, .dim))
      return spans
    }
    let outcome = context.subject.verdicts[index]
    let effect = context.subject.effects[index]
    var verdict = VerdictWords.signed(outcome, effect)
    verdict.attributes = bold
    spans.append(verdict)
    let remark = VerdictWords.remark(outcome, effect)
    if !remark.isEmpty, !isCompact {
      let gap = String(repeating: " ", count: max(1, 11 - verdict.columns))
      let room = context.rect.width - 13 - verdict.columns - gap.count
      spans.append(Span(gap + TextWidth.truncated(remark, to: max(0, room)), .dim))
    }
    return spans
  }

  private static func year(_ era: Era) -> String {
    era.date.split(separator: " ").last.map(String.init) ?? ""
  }

  private func about(_ era: Era, rows: Int) -> [String] {
    let width = max(1, context.rect.width - 2)
    let (known, brief) = EraWords.provenance(era)
    let head = "\(era.title), \(era.date): \(known)."
    let whole = wrap(
      head + " Blind to " + era.blindSpots.joined(separator: ", ") + ".", width: width)
    var lines = whole
    if whole.count > rows {
      let forms = [head, "\(era.title), \(known)", "\(era.shortName): \(brief)"]
        .map { wrap($0, width: width) }
      lines = forms.first { $0.count <= rows } ?? forms[2]
      // Many blind spots are worth a cut when there is room for some.
      if rows > forms[0].count + 1 {
        lines = Array(whole.prefix(rows))
        lines[rows - 1] = TextWidth.truncated(lines[rows - 1] + " …", to: width)
      }
    }
    return Array(lines.prefix(rows))
  }
}
