import Grid
import Simulation
import Usercopy

/// The memory pane as values: a slab's objects, the stack's frames, or the map of all copies.
struct MemoryRows: PaneRows {
  let context: PaneContext
  let shown: MemoryView
  let picture: Picture

  /// What is drawn, laid out.
  enum Picture {
    case slab(SlabLayout)
    case stack(StackRows)
    case map
    /// What there is when there is no slab.
    case list
  }

  init(_ context: PaneContext) {
    self.context = context
    shown = context.subject.view(context.model.memory)
    picture =
      switch shown {
      case .slab: SlabLayout(context).map { .slab($0) } ?? .list
      case .stack: .stack(StackRows(context))
      case .map: .map
      }
  }

  private init(_ context: PaneContext, _ shown: MemoryView, _ picture: Picture) {
    (self.context, self.shown, self.picture) = (context, shown, picture)
  }

  /// A slab is laid out by the height as well.
  func fitted(to context: PaneContext) -> MemoryRows? {
    switch picture {
    case .slab: nil
    case .stack(let rows): MemoryRows(context, shown, .stack(rows.fitted(to: context)))
    case .map, .list: MemoryRows(context, shown, picture)
    }
  }

  var title: [Span] {
    if context.rect.isEmpty { return context.title("Memory", "nothing copied in this step") }
    var spans = context.title("Memory") + [Span(" ─ ", .label)]
    // While a copy is edited in a narrow pane that is told, and not what other views there are.
    let isTight = context.subject.isDraft && context.rect.width < 46
    for view in MemoryView.allCases where view == shown || !isTight {
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

  var footer: [Span] {
    switch picture {
    case .map, .list: return []
    case .stack(let rows):
      let hidden = rows.hidden
      return ScrolledRows.more(above: hidden.above, below: hidden.below)
    case .slab(let layout):
      return ScrolledRows.more(above: layout.hidden.above, below: layout.hidden.below)
    }
  }

  var texts: [String] {
    switch picture {
    case .stack(let rows): rows.texts
    case .slab, .map, .list: []
    }
  }

  /// The lines of the list.
  var listed: [MemoryItem] { MemoryItem.all(context.subject) }

  var need: PaneNeed {
    let copy = context.subject.report == nil ? 0 : 3
    switch picture {
    case .map: return PaneNeed(least: 8, well: 16, most: .max / 2)
    case .stack(let rows):
      let count = 1 + rows.all.count + copy
      return PaneNeed(
        least: min(count, 8), well: count, most: count + CopyCaption.more(context))
    case .list:
      guard !listed.isEmpty else { return .rows(2) }
      return ListParts.need(lines: listed.count, hasCopy: copy > 0)
    case .slab(let layout):
      let around = 3 + copy + layout.lens
      let slots = context.subject.world.kernel.slabs[layout.slab].objects.count
      let rows = (slots + layout.columns - 1) / layout.columns * layout.rowsPerObject
      return PaneNeed(
        least: around + min(rows, 3), well: around + min(rows, 5), most: around + rows)
    }
  }

  /// From where the story puts it.
  var scroll: Int { context.model.scrolls[.memory] ?? 0 }

  var scrollRange: ClosedRange<Int> {
    switch picture {
    case .map, .list: 0...0
    case .stack(let rows): rows.scrollRange
    case .slab(let layout): layout.scrollRange
    }
  }
}
