import Grid
import Narration
import Simulation
import Usercopy

/// The bytes: a slab's objects, the stack's frames, or the map of all copies.
struct MemoryPane: PaneContent {
  let context: PaneContext
  private let shown: MemoryView

  init(context: PaneContext) {
    self.context = context
    shown = context.subject.view(context.model.memory)
  }

  var title: [Span] {
    var spans = [Span("Memory ─ ", context.titleRole, .bold)]
    for view in MemoryView.allCases {
      let here = view == shown
      spans.append(
        Span(
          here ? view.rawValue.uppercased() : view.rawValue, here ? .accent : .dim,
          here ? .bold : []))
      spans.append(Span(" ", .border))
    }
    spans.removeLast()
    return spans
  }

  var end: [Span] {
    guard context.subject.isDraft else { return [] }
    return [Span("editing", .warning, .bold)]
  }

  /// How far the view can be scrolled from where the story puts it.
  var scrollRange: ClosedRange<Int> {
    switch shown {
    case .map: return 0...0
    case .stack: return StackView(context: context).scrollRange
    case .slab:
      guard let index = context.subject.slab(context.model.memory) else { return 0...0 }
      return SlabLayout(context, context.subject.world.kernel, index).scrollRange
    }
  }

  func draw(into grid: inout Grid) {
    switch shown {
    case .slab: SlabView(context: context).draw(into: &grid)
    case .stack: StackView(context: context).draw(into: &grid)
    case .map: MapView(context: context).draw(into: &grid)
    }
  }
}

/// What the views of the memory pane share.
enum CopyCaption {
  /// `copy_to_user request+56, 150 bytes`, with what the signs mean.
  static func lines(_ context: PaneContext) -> [[Span]] {
    guard let report = context.subject.report else { return [] }
    let attempt = report.outcome.attempt
    let what: [Span] = [
      Span(" " + attempt.entry.rawValue, .code, .bold),
      Span(" \(report.place)\(ValueWords.offset(report.offset))", .text),
      Span(", \(ValueWords.bytes(attempt.length))", .value),
    ]
    var legend: [Span] = [Span(" ", .text)]
    let painter = Painter(context.subject)
    for mark in ByteMark.allCases {
      let bytes = report.marks.filter { $0.mark == mark }
        .reduce(UInt64(0)) { $0 &+ $1.range.length }
      guard bytes > 0 else { continue }
      legend.append(Span(String(Painter.glyph(mark)), Painter.role(mark), .bold))
      legend.append(
        Span(" \(painter.word(mark)) \(ValueWords.quantity(bytes))  ", Painter.role(mark)))
    }
    return [what, legend]
  }
}
