import Grid
import Narration
import Simulation
import Usercopy

/// The bytes: a slab's objects, the stack's frames, or the map of all copies.
struct MemoryPane: PaneContent {
  let context: PaneContext
  private let shown: MemoryView
  private let slab: SlabView?

  init(context: PaneContext) {
    self.context = context
    shown = context.subject.view(context.model.memory)
    slab = shown == .slab ? SlabView(context: context) : nil
  }

  var title: [Span] {
    var spans = context.title("Memory") + [Span(" ─ ", .label)]
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

  /// What stands above and below what is in sight.
  var footer: [Span] {
    let hidden: (above: Int, below: Int)
    switch shown {
    case .map: return []
    case .stack: hidden = StackView(context: context).hidden
    case .slab: hidden = slab?.hidden ?? (0, 0)
    }
    return ScrolledRows.more(above: hidden.above, below: hidden.below)
  }

  /// How far the view can be scrolled from where the story puts it.
  var scrollRange: ClosedRange<Int> {
    switch shown {
    case .map: return 0...0
    case .stack: return StackView(context: context).scrollRange
    case .slab: return slab?.layout?.scrollRange ?? 0...0
    }
  }

  func draw(into grid: inout Grid) {
    switch shown {
    case .slab: slab?.draw(into: &grid)
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
    let painter = context.painter
    for mark in ByteMark.allCases {
      let bytes = Self.bytes(report, mark)
      guard bytes > 0 else { continue }
      legend.append(Span(String(Painter.glyph(mark)), Painter.role(mark), .bold))
      legend.append(
        Span(" \(painter.word(mark)) \(ValueWords.quantity(bytes))  ", Painter.role(mark)))
    }
    return [what, legend].map { Fitting.cut($0, width: context.rect.width) }
  }

  /// Bytes under a mark. Marks end with the address space; of a copy that would wrap around its end
  /// what is left of the length is denied as well.
  private static func bytes(_ report: CopyReport, _ mark: ByteMark) -> UInt64 {
    func marked(_ isWanted: (ByteMark) -> Bool) -> UInt64 {
      report.marks.filter { isWanted($0.mark) }.reduce(0) { $0 &+ $1.range.length }
    }
    let own = marked { $0 == mark }
    guard mark == .denied, own > 0 else { return own }
    return max(own, report.outcome.range.length &- marked { $0 != mark })
  }
}
