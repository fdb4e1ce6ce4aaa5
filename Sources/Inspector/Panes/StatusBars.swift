import GadgetWorld
import UsbHost
import Grid
import Narration
import RawGadget
import Simulation
import Text
import Timeline
import Usercopy
import USB

/// The header, the verdict line, and the timeline with the keys.
struct StatusBars {
  private let scene: Frozen<PaneScene>
  private let placed: PlacedPanes

  init(_ scene: Frozen<PaneScene>, _ placed: PlacedPanes) {
    (self.scene, self.placed) = (scene, placed)
  }

  private var model: Model { _read { yield scene.value.model } }
  private var session: Session { _read { yield scene.value.session } }
  private var subject: Subject { _read { yield scene.value.subject } }

  func draw(_ parts: ScreenLayout, into grid: inout Grid) {
    header(parts.header, &grid)
    status(parts.status, &grid)
    footer(parts.footer, &grid)
  }

  private func header(_ rect: Rect, _ grid: inout Grid) {
    let kernel = subject.world.kernel.configuration
    let machine: [Span] = [
      Span("\(subject.world.era.id)", .accent, .bold),
      Span(" · \(kernel.allocator.rawValue) · \(kernel.architecture.rawValue)", .dim),
    ]
    let place = [Span("  step \(session.position)/\(session.count) ", .label)]
    // Whether frames are chained decides what a check of the stack can do; told where there is room.
    let frames = [Span(" · \(kernel.framePointer ? "" : "no ")frame pointers", .dim)]
    let title = StoryHeading(model, session).title
    let needed = 2 + TextWidth.of(title)
    let isWide = needed + Fitting.columns(machine + frames + place) + 2 <= rect.width
    // On small screens the title comes before the machine.
    let isNarrow = Fitting.columns(machine + place) + 18 > rect.width
    let right = (isNarrow ? Array(machine.prefix(1)) : machine + (isWide ? frames : [])) + place
    let width = Fitting.columns(right)
    let room = rect.width - width - 2
    // The program's name gives way to a title that would be cut.
    let isLong = 12 + TextWidth.of(title) > room
    let left = isLong ? 1 : 12
    let used = grid.put(
      [
        Span(isLong ? "" : " copyscope ", .title, .bold),
        Span(" " + TextWidth.truncated(title, to: max(0, room - left)), .text),
      ], x: 0, y: rect.y, width: max(0, room))
    if used <= room { grid.put(right, x: rect.width - width, y: rect.y) }
  }

  private func status(_ rect: Rect, _ grid: inout Grid) {
    if let message = model.message {
      let used = grid.put(
        TextWidth.truncated(message.text, to: rect.width - 2), x: 1, y: rect.y,
        role: message.role, attributes: .bold)
      eraStrip(behind: 1 + used, y: rect.y, width: rect.width, &grid)
      return
    }
    if let live = model.story.live, session.position == session.count, subject.report == nil {
      grid.put(
        TextWidth.truncated(live.words(model.keymap), to: rect.width - 2), x: 1, y: rect.y,
        role: .dim)
      return
    }
    guard let report = subject.report else {
      grid.put(" " + nextStep, x: 0, y: rect.y, role: .dim, width: rect.width)
      return
    }
    if subject.isOpen {
      grid.put(
        TextWidth.truncated("… " + VerdictWords.asked(report), to: rect.width - 2), x: 1, y: rect.y,
        role: .undecided)
      return
    }
    let sign = report.unknowns.isEmpty ? 0 : TextWidth.of(UnknownWords.sign) + 1
    let verdict = verdict(report, width: rect.width - 2 - sign)
    let spans = Fitting.line(
      [[verdict], unknown(report, verdict, width: rect.width - 2), failure],
      width: rect.width - 2, gap: 0)
    let used = grid.put(spans, x: 1, y: rect.y, width: rect.width - 1)
    eraStrip(behind: 1 + used, y: rect.y, width: rect.width, &grid)
  }

  private var nextStep: String {
    if let opened = scene.value.opened, let moment = opened.moment {
      let size = session.world.kernel.configuration.wordSize
      let names = session.world.gadget?.threadNames ?? [:]
      return EventWords.told(moment.event, size, threads: names) ?? ""
    }
    guard let next = session.next else {
      return model.keymap.telling(
        "the end of the story", [.previous: "goes back", .edit: "edits"])
    }
    return "next: \(EventWords.action(next.action))"
  }

  /// The verdict, in the longest form that fits whole.
  private func verdict(_ report: CopyReport, width: Int) -> Span {
    let outcome = report.outcome
    let mark = StepMark(report)
    let forms =
      !report.leaks.isEmpty
      ? VerdictWords.leaking(report) + [VerdictWords.brief(outcome)]
      : mark == .faulted
        ? VerdictWords.faulted(outcome)
        : [VerdictWords.sentence(outcome), VerdictWords.brief(outcome)]
    var span = mark.sign
    span.text += " " + Fitting.first(forms, width: width - 2)
    return span
  }

  /// That the verdict hangs on what a real kernel's memory does not tell: in words where there is room, else by a sign.
  private func unknown(_ report: CopyReport, _ verdict: Span, width: Int) -> [Span] {
    guard let words = UnknownWords.brief(report.unknowns) else { return [] }
    let room = width - Fitting.columns([verdict])
    let text = Fitting.first(
      [" · \(UnknownWords.sign) \(words)", " \(UnknownWords.sign)"], width: room)
    return [Span(text, .undecided, .bold)]
  }

  /// That the call failed whose copy was let pass.
  private var failure: [Span] {
    guard !subject.isDraft else { return [] }
    for case .gadget(let event) in session.timeline.events.reversed() {
      if case .callReturned(_, let result) = event.kind {
        return GadgetWords.failure(result).map { [Span(" · \($0)", .denied, .bold)] } ?? []
      }
    }
    return []
  }

  /// Each era's verdict in a word when all fit, else how many refuse.
  private func eraStrip(behind left: Int, y: Int, width: Int, _ grid: inout Grid) {
    let verdicts = subject.verdicts
    guard !verdicts.isEmpty else { return }
    let signs = zip(verdicts, subject.effects).map { VerdictWords.signed($0, $1) }
    var form = zip(verdicts, signs).flatMap { outcome, sign -> [Span] in
      [Span("\(Era.named(outcome.era)?.shortName ?? outcome.era) ", .dim), sign, Span("  ")]
    }
    func start() -> Int { width - Fitting.columns(form) - 1 }
    // A blank alone would make one phrase of the verdict and the first era.
    if start() <= left + 1 { form = counts(signs) }
    if start() > left { grid.put(form, x: start(), y: y) }
  }

  /// How many eras have each sign.
  private func counts(_ signs: [Span]) -> [Span] {
    let all: [Unicode.Scalar] = ["✔", "~", "–", "✘"]
    // Eras that cannot know the copy are told in the pane by the sign of what did not come about.
    let missing = Span("– not there", .dim)
    let signs =
      signs
      + [Span](
        repeating: missing, count: max(0, Era.compared(with: subject.world.era).count - signs.count)
      )
    return [Span("eras:", .dim), Span(" ")]
      + all.flatMap { sign -> [Span] in
        let those = signs.filter { $0.text.unicodeScalars.first == sign }
        // Ticks and refusals are always told, the others where there are any.
        guard let first = those.first else {
          return sign == "✔" || sign == "✘" ? [Span(" \(sign) 0", .dim), Span(" ")] : []
        }
        return [Span(" \(sign) \(those.count)", first.role), Span(" ")]
      }
  }

  private func footer(_ rect: Rect, _ grid: inout Grid) {
    let layout = FooterLayout(scene.value, rect) { StoryPages(scene, placed).below }
    if layout.showsBar { grid.put(layout.bar, x: 1, y: rect.y) }
    grid.put(layout.hints, x: layout.hintsStart, y: rect.y)
    grid.put(layout.vital, x: layout.vitalStart, y: rect.y, width: rect.width - 1)
  }
}
