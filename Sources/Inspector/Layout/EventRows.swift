import GadgetWorld
import Grid
import Narration
import RawGadget
import Simulation
import USB
import Usercopy

/// The events of a step that is gone through, one below the other; those to come are not told yet.
struct EventRows: PlainRows {
  private let context: PaneContext
  private let opened: OpenedStep
  /// All rows, each with the event it belongs to.
  private let lines: [(event: Int, spans: [Span])]

  /// Nil unless a step is gone through.
  init?(_ context: PaneContext) {
    guard let opened = context.opened else { return nil }
    (self.context, self.opened) = (context, opened)
    let size = context.session.world.kernel.configuration.wordSize
    let names = context.session.world.gadget?.threadNames ?? [:]
    let width = ScrolledRows.width(context.rect)
    lines = opened.moments.indices.flatMap { index -> [(Int, [Span])] in
      let indent = String(repeating: " ", count: opened.depths[index] * 2)
      guard index <= opened.cursor else { return [(index, [Span(indent + "·", .undecided)])] }
      let event = opened.moments[index].event
      let isHere = index == opened.cursor
      let words = EventWords.told(event, size, threads: names) ?? ""
      let (sign, role) = Self.sign(event)
      let spans: [Span] = [
        Span(indent + sign + " ", isHere ? role : .dim, .bold),
        Span(words, isHere ? .text : .dim, isHere ? .bold : []),
      ]
      return Fitting.wrapped(spans, width: width, indent: indent.count + 2).map { (index, $0) }
    }
  }

  var title: [Span] { context.title("Step", context.rect.width < 44 ? nil : "event by event") }

  var end: [Span] { [Span("event \(opened.cursor + 1)/\(opened.moments.count)", .accent)] }

  var footer: [Span] {
    ScrolledRows.more(above: first, below: max(0, lines.count - first - context.rect.height))
  }

  var texts: [String] { lines.map { $0.spans.map(\.text).joined() } }

  /// The event reached stays in sight, with what comes next.
  private var first: Int {
    let here = lines.lastIndex { $0.event == opened.cursor } ?? 0
    let last = max(0, lines.count - context.rect.height)
    return min(max(0, here - context.rect.height * 2 / 3), last)
  }

  var visible: [PaneRow] {
    lines.dropFirst(first).prefix(context.rect.height).map { line in
      let isHere = line.event == opened.cursor
      let row = [Span(" ")] + line.spans
      guard isHere else { return .text(row) }
      var grid = Grid(width: context.rect.width, height: 1)
      grid.put(row, x: 0, y: 0)
      grid.paint(Rect(x: 0, y: 0, width: grid.width, height: 1), role: .selection)
      return .picture(grid)
    }
  }

  var need: PaneNeed {
    PaneNeed(least: min(lines.count, 4), well: min(lines.count, 8), most: lines.count)
  }

  /// What kind of event it is.
  private static func sign(_ event: Event) -> (String, Role) {
    switch event {
    case .copied(let report):
      report.outcome.verdict == .allow ? ("✔", .allowed) : ("✘", .denied)
    case .gadget(let event):
      switch event.kind {
      case .callEntered: ("▸", .code)
      case .callReturned(_, let result): ("◂", result.errno == nil ? .allowed : .denied)
      case .asked(_, _, let failed): failed ? ("✘", .denied) : ("·", .dim)
      case .callBlocked, .signalled, .woken: ("┊", .pending)
      case .eventQueued, .gadgetfsQueued: ("+", .accent)
      case .eventFetched, .gadgetfsRead: ("−", .accent)
      case .eventRefused: ("✘", .denied)
      case .setup, .setupAnswered, .routed: ("→", .user)
      case .tested(_, let ret): ret < 0 ? ("✘", .denied) : ("✔", .allowed)
      case .copied, .deviceState, .gadgetfsState, .gadgetfsBound, .requestQueued,
        .requestCompleted, .transferred, .portStatus, .monitored, .hostLog:
        ("·", .dim)
      }
    case .hostReturned: ("◂", .user)
    case .allocated, .mapped, .freed, .gaveBack, .called, .returned, .createdTask, .switched,
      .wrote, .logged,
      .judgedBy, .refused:
      ("·", .dim)
    }
  }
}
