import Grid
import Narration
import Simulation
import Text
import Timeline
import USB
import Usercopy

/// What the lecturer would say, and what happened in the step.
struct StoryRows: TextRows {
  let shown: ScrolledRows
  let title: [Span]
  private let isAiry: Bool

  init(_ context: PaneContext) {
    let lines = StoryLines(context: context).lines(width: ScrolledRows.width(context.rect))
    shown = ScrolledRows(lines, in: context.rect, scroll: context.model.scrolls[.story] ?? 0)
    title = context.title("Story")
    isAiry = StoryLines.isAiry(context)
  }

  private init(_ made: StoryRows, in context: PaneContext) {
    (title, isAiry) = (made.title, made.isAiry)
    shown = ScrolledRows(
      made.shown.rows, in: context.rect, scroll: context.model.scrolls[.story] ?? 0)
  }

  func fitted(to context: PaneContext) -> StoryRows? {
    isAiry == StoryLines.isAiry(context) ? StoryRows(self, in: context) : nil
  }
}

/// The lines of the story: the words of the step and what came of it, or the copy being edited.
private struct StoryLines {
  let context: PaneContext

  /// There is room for an empty row between what is told.
  static func isAiry(_ context: PaneContext) -> Bool { context.rect.height > 12 }

  func lines(width: Int) -> [[Span]] {
    if case .edit(let edit) = context.model.mode.base { return editing(edit, width) }
    let session = context.session
    if let asked = context.model.story.asked {
      let made = session.step?.origin == .byHand ? essence(width) + details(width) : []
      return ExerciseLines(asked: asked, context: context).lines(width, in: .browse) + made
    }
    guard session.position > 0 else { return opening(width) }
    if context.subject.isOpen { return open(width) }
    if let opened = context.opened { return inStep(opened, width) }
    return essence(width) + details(width)
  }

  /// While the check is stepped through its copy is told as it is asked for.
  private func open(_ width: Int) -> [[Span]] {
    guard let report = context.subject.report else { return [] }
    let keys = context.model.keymap.telling(
      "What becomes of it is told at the last line",
      [.next: "the next line", .last: "the last", .cancel: "ends"], in: .inside)
    return paragraph(VerdictWords.asked(report) + ".", .text, width) + asked(width)
      + paragraph(keys + ".", .dim, width)
  }

  /// While a step is gone through its events are told beside the story, and its words at the last of them.
  private func inStep(_ opened: OpenedStep, _ width: Int) -> [[Span]] {
    guard opened.isOpen else { return essence(width) }
    let keys = context.model.keymap.telling(
      "What the step comes to is told at the last event",
      [
        .next: "the next event", .last: "the last", .inside: "into a copy's check", .cancel: "ends",
      ],
      in: .events)
    return paragraph(keys + ".", .dim, width)
  }

  /// The copies of a call by what they ask for, the one stepped through marked.
  private func asked(_ width: Int) -> [[Span]] {
    let copies = context.session.copies
    guard copies.count > 1 else { return [] }
    let shown = context.session.shownCopy?.report
    return copies.map { copy in
      let here = copy.report == shown
      let text = VerdictWords.asked(copy.report)
      return [Span(here ? "▸ " : "  ", .accent, .bold), Span(text, here ? .text : .dim)]
    }
  }

  /// What has to be in sight without scrolling: the words of the step, what its copy came to, and at
  /// the end how it went and what to remember.
  private func essence(_ width: Int) -> [[Span]] {
    let session = context.session
    var lines = paragraph(session.step?.say ?? "", .text, width)
    if let note = session.notes[session.position] {
      lines += paragraph("Your note: \(note)", .accent, width)
    }
    if let report = context.subject.report { lines += facts(report, width) }
    guard session.position == session.count else { return lines }
    if let live = context.model.story.live {
      return lines + paragraph(live.words(context.model.keymap), .accent, width)
    }
    let gap: [[Span]] = Self.isAiry(context) ? [[]] : []
    if let prediction = context.model.session?.prediction {
      lines += gap + paragraph(prediction.summary(context.model.keymap), .accent, width)
      lines += paragraph(session.script.about, .text, width)
    }
    let remember = session.script.remember
    guard !remember.isEmpty else { return lines }
    return lines + gap + paragraph("Remember: \(remember)", .accent, width) + gap
  }

  /// What happened, as far as there is room for it.
  private func details(_ width: Int) -> [[Span]] {
    let session = context.session
    var lines = copies(session).flatMap { Fitting.wrapped($0, width: width, indent: 4) }
    let size = session.world.kernel.configuration.wordSize
    let threads = session.world.gadget?.threadNames ?? [:]
    for line in told(session.timeline.events, size, threads) {
      let times = line.times > 1 ? " (\(line.times) times)" : ""
      lines += paragraph(line.text + times, line.isLog ? .code : .dim, width)
    }
    return lines + (session.position == session.count ? source(width) : [])
  }

  /// What happened; what is told several times in a row is told once.
  private func told(_ events: [Event], _ size: WordSize, _ threads: [ThreadID: String])
    -> [(text: String, isLog: Bool, times: Int)]
  {
    var lines: [(text: String, isLog: Bool, times: Int)] = []
    for event in events {
      guard let line = EventWords.line(event, size, threads: threads) else { continue }
      if case .copied = event { continue }
      var (text, isLog) = (line, false)
      if case .logged(let words) = event { (text, isLog) = ("log: " + words, true) }
      if let last = lines.last, last.text == text {
        lines[lines.count - 1].times += 1
      } else {
        lines.append((text, isLog, 1))
      }
    }
    return lines
  }

  private func source(_ width: Int) -> [[Span]] {
    let source = context.session.script.source
    return source.isEmpty ? [] : paragraph("Source: \(source)", .dim, width)
  }

  /// The copies of a call, the one shown marked; a plain copy needs no list.
  private func copies(_ session: Session) -> [[Span]] {
    let copies = session.copies
    guard copies.count > 0, copies[0].report.scene != nil else { return [] }
    let shown = session.shownCopy?.report
    return copies.map { copy in
      let outcome = copy.report.outcome
      let here = copy.report == shown
      return [
        Span(here ? "▸ " : "  ", .accent, .bold),
        StepMark(copy.report).sign, Span(" "),
        Span(
          "\(outcome.attempt.entry.rawValue) \(copy.report.place), "
            + ValueWords.bytes(outcome.attempt.length), here ? .text : .dim),
      ]
    }
  }

  private func opening(_ width: Int) -> [[Span]] {
    let hints: KeyValuePairs<Command, String> =
      context.session.script.exercises.isEmpty
      ? [.next: "takes the first step", .edit: "edits a copy", .help: "shows all keys"]
      : [
        .next: "steps on", .edit: "edits a copy", .exercise: "asks an exercise", .help: "is help",
      ]
    let said = hints.compactMap { context.model.keymap.says($0.key, $0.value) }
    let keys = said.isEmpty ? "" : said.joined(separator: ", ") + "."
    // A source is named after what it is about, too.
    let about =
      StoryHeading(context.model, context.session).about.map {
        paragraph($0, .text, width) + source(width)
      } ?? paragraph(StoryWords.aboutWaits, .text, width)
    return about + [[]] + paragraph(keys, .dim, width)
  }

  private func facts(_ report: CopyReport, _ width: Int) -> [[Span]] {
    var lines: [[Span]] = []
    if let arithmetic = VerdictWords.arithmetic(report) {
      lines += paragraph(arithmetic + ".", .denied, width)
    }
    if let leak = VerdictWords.leak(report) { lines += paragraph(leak + ".", .leaky, width) }
    for line in UnknownWords.lines(
      report.unknowns, context.subject.world.kernel.configuration)
    {
      lines += paragraph("\(UnknownWords.sign) \(line).", .undecided, width)
    }
    return lines
  }

  private func editing(_ edit: EditState, _ width: Int) -> [[Span]] {
    if let asked = edit.exercise {
      return ExerciseLines(asked: asked, context: context).lines(width, copy: edit)
    }
    let copy = edit.draft
    func row(_ name: String, _ value: String, isTyped: Bool = false, keys: [Command] = [])
      -> [Span]
    {
      // The marked number takes digits; Tab marks the other one.
      let keymap = context.model.keymap
      var symbols = keys.compactMap { keymap.symbol($0, in: .edit) }
      if !keys.isEmpty { symbols += isTyped ? ["0-9"] : [keymap.symbol(.field, in: .edit) ?? ""] }
      let hint = [Span(symbols.joined(separator: " "), .dim)]
      let sign = Span(isTyped ? "▸" : " ", .accent, .bold)
      let forms = [Fitting.padded(name, 10), name + " ", ""].map { label in
        [sign, Span(label, .label), Span(value, .value, .bold)]
      }
      // Long names of functions stand in for their label.
      let spans =
        forms.first { Fitting.columns($0) <= width }
        ?? [sign, Span(TextWidth.truncated(value, to: max(0, width - 1)), .value, .bold)]
      return Fitting.line([spans, hint], width: width)
    }
    let kernel = edit.base.kernel.configuration
    var lines: [[Span]] = [
      row("entry", copy.entry.rawValue), row("kernel", edit.report.place),
      row(
        "start", copy.offset >= 0 ? "+\(copy.offset)" : "\(copy.offset)",
        isTyped: edit.field == .start, keys: [.left, .right, .rowUp, .rowDown]),
      row(
        "length", ValueWords.bytes(copy.length), isTyped: edit.field == .length,
        keys: [.longer, .shorter]),
      row("constant", copy.isConstant ? "yes, the length is" : "no"),
      row("compiler", copy.objectSize.map { "knows \($0) bytes" } ?? "knows no size"),
      row("machine", "\(kernel.allocator.rawValue), \(kernel.architecture.rawValue)"),
    ]
    lines += facts(edit.report, width)
    let makes = edit.replaces ? "makes this copy in place of this step's." : "makes this copy."
    lines += paragraph(
      edit.isTrial
        ? "This copy goes with its call: it is tried here, not made."
        : context.model.keymap.says(.accept, makes, in: .edit) ?? "", .dim, width)
    return lines
  }

  private func paragraph(_ text: String, _ role: Role, _ width: Int) -> [[Span]] {
    text.isEmpty ? [] : wrap(text, width: width).map { [Span($0, role)] }
  }
}
