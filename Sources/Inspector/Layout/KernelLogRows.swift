import GadgetWorld
import UsbHost
import Grid
import RawGadget
import Simulation
import Timeline

/// What the kernel has logged up to now, the newest line below; lines of this step stand out.
struct KernelLogRows: TextRows {
  let title: [Span]
  let shown: ScrolledRows

  init(_ context: PaneContext) {
    title = context.title("Log", "newest below")
    let width = ScrolledRows.width(context.rect)
    let steps = context.told.timeline.steps[..<context.told.position]
    let rows = zip(steps.indices, steps).flatMap { index, step in
      step.kept.compactMap(Self.line).flatMap { line in
        let role: Role = index == steps.endIndex - 1 ? .code : .dim
        return Fitting.wrapped([Span(line, role)], width: width)
      }
    }
    let none = wrap("Nothing is logged yet.", width: width).map { [Span($0, .dim)] }
    shown = ScrolledRows(
      rows.isEmpty ? none : rows, in: context.rect, scroll: context.model.scrolls[.side])
  }

  private static func line(_ event: KeptEvent) -> String? {
    switch event {
    case .logged(let line): return line
    case .gadget(let event): if case .hostLog(let line) = event.kind { return line }
    case .copied, .refused: break
    }
    return nil
  }
}
