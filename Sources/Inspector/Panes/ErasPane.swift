import Grid
import Narration
import Simulation
import Usercopy

/// The same copy under every era, side by side.
struct ErasPane: PaneContent {
  let context: PaneContext

  var title: [Span] {
    [Span("Eras", context.titleRole, .bold), Span(" ─ the same copy", context.titleRole)]
  }

  func draw(into grid: inout Grid) {
    let rect = context.rect
    let subject = context.subject
    let verdicts: [CopyOutcome] =
      if let request = subject.request, let before = subject.before {
        (try? before.verdicts(request)) ?? []
      } else { [] }
    for (row, era) in Era.all.enumerated() where row < rect.height {
      let outcome = verdicts.first { $0.era == era.id }
      draw(era, outcome, y: rect.y + row, &grid)
    }
    let below = rect.y + Era.all.count + 1
    guard below < rect.endY else { return }
    about(subject.world.era, y: below, &grid)
  }

  private func draw(_ era: Era, _ outcome: CopyOutcome?, y: Int, _ grid: inout Grid) {
    let rect = context.rect
    let isCurrent = era == context.subject.world.era
    let name = era.id + String(repeating: " ", count: max(1, 12 - era.id.count))
    var spans = [
      Span(isCurrent ? "▸" : " ", .accent, .bold),
      Span(
        name, isCurrent ? .text : .dim,
        isCurrent ? .bold : []),
    ]
    if let outcome {
      let denied = outcome.verdict != .allow
      let word = VerdictWords.short(outcome)
      spans.append(
        Span(
          "\(denied ? "✘" : "✔") \(word)" + String(repeating: " ", count: max(1, 9 - word.count)),
          denied ? .denied : .allowed, isCurrent ? .bold : []))
      if denied { spans.append(Span(VerdictWords.refuser(outcome), .dim)) }
    } else {
      spans.append(Span(era.date, .dim))
    }
    grid.put(spans, x: rect.x, y: y, width: rect.width)
  }

  private func about(_ era: Era, y: Int, _ grid: inout Grid) {
    let rect = context.rect
    let known =
      switch era.provenance {
      case .recorded: "recorded from running kernels"
      case .proven: "proven against its source"
      case .derived: "derived by reading"
      }
    let text =
      "\(era.title), \(era.date): \(known). Blind to "
      + era.blindSpots.joined(separator: ", ") + "."
    for (row, line) in wrap(text, width: max(1, rect.width - 2)).enumerated()
    where y + row < rect.endY {
      grid.put(line, x: rect.x + 1, y: y + row, role: .dim)
    }
  }
}
