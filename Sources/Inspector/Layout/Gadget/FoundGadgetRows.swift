import Grid
import Narration
import RawGadget
import Simulation
import Text
import Usercopy

/// The raw-gadget files of a real kernel with the events nobody has fetched, oldest first: as they were found, not played.
struct FoundGadgetRows: TextRows {
  let shown: ScrolledRows
  let title: [Span]

  /// Nil where the scenario holds none.
  init?(_ context: PaneContext) {
    let gadgets = context.session.script.gadgets
    guard !gadgets.isEmpty else { return nil }
    title = context.title("Queue", "as it was found")
    let width = ScrolledRows.width(context.rect)
    let rows = gadgets.flatMap { gadget in
      Self.lines(gadget, context).flatMap { Fitting.wrapped($0, width: width, indent: 4) }
    }
    shown = ScrolledRows(rows, in: context.rect, scroll: context.model.scrolls[.side] ?? 0)
  }

  private static func lines(_ gadget: FoundGadget, _ context: PaneContext) -> [[Span]] {
    let heading = [
      Span("\(Printable.text(gadget.task)) \(gadget.pid) ", .heading, .bold),
      Span("\(FoundGadgetWords.state(gadget)) ", .pending),
      Span("queue ", .label), Span(String(gadget.queue.count), .value, .bold),
    ]
    let size = context.subject.world.kernel.configuration.wordSize
    let events = gadget.queue.enumerated().map { number, event -> [Span] in
      let isHere = context.subject.world.kernel.object(at: event.address) != nil
      return [
        Span(isHere ? "▸ " : "  ", .accent, .bold), Span("\(number + 1) ", .dim),
        Span(FoundGadgetWords.event(event), event.known == .control ? .pending : .text),
        Span("  " + FoundGadgetWords.place(event, context.subject.world.kernel, size), .dim),
      ]
    }
    return [heading] + events
  }
}
