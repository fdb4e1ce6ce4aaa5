import Grid
import Narration
import Simulation
import Usercopy

/// The header, the verdict line, and the timeline with the keys.
struct StatusBars {
  let model: Model
  let session: Session
  let subject: Subject

  func draw(_ parts: ScreenLayout, into grid: inout Grid) {
    header(parts.header, &grid)
    status(parts.status, &grid)
    footer(parts.footer, &grid)
  }

  private func header(_ rect: Rect, _ grid: inout Grid) {
    let kernel = subject.world.kernel.configuration
    let right: [Span] = [
      Span("\(subject.world.era.id)", .accent, .bold),
      Span(" · \(kernel.allocator.rawValue) · \(kernel.architecture.rawValue)", .dim),
      Span("  step \(session.position)/\(session.count) ", .label),
    ]
    let width = right.reduce(0) { $0 + $1.columns }
    let room = rect.width - width - 2
    let used = grid.put(
      [
        Span(" copyscope ", .title, .bold),
        Span(" " + TextWidth.truncated(session.script.title, to: max(0, room - 12)), .text),
      ], x: 0, y: rect.y, width: max(0, room))
    if used <= room { grid.put(right, x: rect.width - width, y: rect.y) }
  }

  private func status(_ rect: Rect, _ grid: inout Grid) {
    if let message = model.message {
      grid.put(
        [Span(" ", .text), Span(message.text, message.role, .bold)], x: 0, y: rect.y,
        width: rect.width)
      return
    }
    guard let report = subject.report else {
      grid.put(" " + nextStep, x: 0, y: rect.y, role: .dim, width: rect.width)
      return
    }
    let verdict = verdict(report)
    let used = grid.put(verdict, x: 1, y: rect.y, width: rect.width - 1)
    eraStrip(x: 1 + used + 3, y: rect.y, width: rect.width, &grid)
  }

  private var nextStep: String {
    guard let next = session.next else { return "the end of the story; p goes back, e edits" }
    return "next: \(EventWords.action(next.action))"
  }

  private func verdict(_ report: CopyReport) -> [Span] {
    let outcome = report.outcome
    let denied = outcome.verdict != .allow
    let leaky = !denied && !report.leaks.isEmpty
    let role: Role = denied ? .denied : leaky ? .leaky : .allowed
    let sign = denied ? "✘ " : leaky ? "~ " : "✔ "
    var text = VerdictWords.sentence(outcome)
    if leaky { text = VerdictWords.leak(report).map { "ALLOWED · \($0)" } ?? text }
    return [Span(sign + text, role, .bold)]
  }

  /// Each era's verdict in a word, as many as fit.
  private func eraStrip(x: Int, y: Int, width: Int, _ grid: inout Grid) {
    guard let request = subject.request, let before = subject.before,
      let verdicts = try? before.verdicts(request)
    else { return }
    var column = x
    for outcome in verdicts {
      let denied = outcome.verdict != .allow
      let spans = [
        Span("\(outcome.era) ", .dim),
        Span("\(denied ? "✘" : "✔") \(VerdictWords.short(outcome))", denied ? .denied : .allowed),
        Span("   ", .text),
      ]
      let needed = spans.reduce(0) { $0 + $1.columns }
      guard column + needed <= width + 3 else { return }
      column += grid.put(spans, x: column, y: y)
    }
  }

  private func footer(_ rect: Rect, _ grid: inout Grid) {
    if case .command(let state) = model.mode {
      grid.put(":" + state.text, x: 0, y: rect.y, role: .text, width: rect.width)
      return
    }
    let hints = hints
    let hintWidth = hints.reduce(0) { $0 + $1.columns }
    let room = max(0, rect.width - 2)
    let bar = bar(width: max(9, min(session.count * 3, room - min(hintWidth, room / 2) - 2)))
    let used = grid.put(bar, x: 1, y: rect.y, width: room)
    grid.put(hints, x: 1 + used + 2, y: rect.y, width: max(0, room - used - 2))
  }

  private var scope: KeyScope {
    switch model.mode {
    case .edit: .edit
    case .inside: .inside
    case .lessons: .lessons
    default: .browse
    }
  }

  /// Keys and words for the mode, from the key table; help and the way out come early, so that
  /// narrow screens keep them.
  private var hints: [Span] {
    let all = model.keymap.bindings(in: scope).filter { $0.hint != nil && !$0.keys.isEmpty }
    let vital: Set<Command> = [.help, .quit, .cancel, .accept]
    let first = all.filter { !vital.contains($0.command) }
    let ordered = first.prefix(3) + all.filter { vital.contains($0.command) } + first.dropFirst(3)
    return ordered.flatMap { binding -> [Span] in
      guard let hint = binding.hint, let key = binding.keys.first else { return [] }
      return [Span(key.symbol, .key, .bold), Span(" \(hint)  ", .dim)]
    }
  }

  /// The timeline: one sign a step, the current one marked; long stories show a window.
  private func bar(width: Int) -> [Span] {
    let count = session.count
    let wide = count * 3 - 2 <= width
    let shown = max(1, wide ? count : width / 2)
    let start = max(0, min(session.position - shown / 2, count - shown))
    var spans: [Span] = start > 0 ? [Span("…", .dim)] : []
    for index in start..<min(count, start + shown) {
      if index > start { spans.append(Span(wide ? "──" : "", .border)) }
      spans.append(sign(index))
    }
    if start + shown < count { spans.append(Span("…", .dim)) }
    return spans
  }

  private func sign(_ index: Int) -> Span {
    let here: Attributes = index == session.position - 1 ? .reverse : []
    if index >= session.position {
      return Span("○", .undecided)
    }
    switch session.mark(at: index) {
    case .ahead: return Span("○", .undecided, here)
    case .done: return Span("●", .text, here)
    case .allowed: return Span("✔", .allowed, here)
    case .leaky: return Span("~", .leaky, here)
    case .denied: return Span("✘", .denied, here)
    case .failed: return Span("?", .error, here)
    }
  }
}

extension Key {
  /// The key as the line of hints writes it.
  var symbol: String {
    switch code {
    case .left: "←"
    case .right: "→"
    case .up: "↑"
    case .down: "↓"
    default: description
    }
  }
}
