import Grid
import Simulation

/// The lowest row as values: the timeline, hints at keys, and at the right help and the way out.
struct FooterLayout {
  /// The timeline and whether there is room for it.
  let bar: [Span]
  let showsBar: Bool
  let hints: [Span]
  let hintsStart: Int
  let vital: [Span]
  let vitalStart: Int
  private let placed, placedVital: [Placed]
  private let timeline: TimelineBar
  /// Columns the timeline may take.
  private let room: Int

  /// The row as it stands in a frame.
  ///
  /// - Parameters:
  ///   - scene: what the frame shows.
  ///   - rect: the row.
  ///   - below: how many rows of the story are out of sight below; asked where it is told.
  init(_ scene: PaneScene, _ rect: Rect, below: () -> Int) {
    let all = Self.hints(scene, below)
    let vitalHints = all.filter { Self.vital.contains($0.command) }
    vital = Fitting.line(vitalHints.map(\.spans), width: rect.width)
    let vitalWidth = Fitting.columns(vital)
    let left = max(0, rect.width - 2 - vitalWidth - 2)
    let subject = scene.subject
    let draft =
      subject.isOpen
      ? .ahead : subject.isDraft ? subject.report.map { StepMark($0) } : StepMark?.none
    timeline = TimelineBar(session: scene.session, draft: draft)
    room = max(9, min(max(0, rect.width - 4 - vitalWidth) * 45 / 100, 60))
    bar = timeline.spans(width: room)
    let barWidth = Fitting.columns(bar)
    showsBar = barWidth <= left
    hintsStart = showsBar ? barWidth + 3 : 1
    placed = Self.placed(
      all.filter { !Self.vital.contains($0.command) }, from: hintsStart,
      width: max(0, left - hintsStart + 1))
    hints = Fitting.line(placed.map(\.spans), width: max(0, left - hintsStart + 1))
    vitalStart = max(1, rect.width - 1 - vitalWidth)
    placedVital = Self.placed(vitalHints, from: vitalStart, width: rect.width)
  }

  /// A hint where it stands.
  private struct Placed {
    let command: Command
    let spans: [Span]
    let columns: Range<Int>
  }

  /// The hints that fit, as `Fitting.line` puts them.
  private static func placed(_ hints: [KeyHint], from start: Int, width: Int) -> [Placed] {
    var placed: [Placed] = []
    var used = 0
    for hint in hints {
      let gap = placed.isEmpty ? 0 : 2
      let columns = Fitting.columns(hint.spans)
      guard used + gap + columns <= width else { continue }
      let x = start + used + gap
      placed.append(Placed(command: hint.command, spans: hint.spans, columns: x..<x + columns))
      used += gap + columns
    }
    return placed
  }

  /// The command whose hint stands at a column.
  func command(at column: Int) -> Command? {
    (placed + placedVital).first { $0.columns.contains(column) }?.command
  }

  /// The position after the step drawn at a column of the screen.
  func step(at column: Int) -> Int? { timeline.step(at: column - 1, width: room) }

  /// Help and the way out stand at the right, whatever else fits.
  private static let vital: Set<Command> = [.help, .quit, .cancel, .accept]

  /// Whether a command has nothing to do at this place of the story.
  private static func isIdle(
    _ command: Command, _ scene: PaneScene, in scope: KeyScope, _ below: () -> Int
  ) -> Bool {
    let session = scene.session
    return switch command {
    case .next: session.position == session.count && below() == 0
    case .play: session.position == session.count
    case .exercise: session.script.exercises.isEmpty
    case .previous: session.position == 0 && scope == .browse
    case .inside: scene.subject.report == nil
    case .events: !OpenedStep.isPossible(scene.model.session)
    default: false
    }
  }

  /// At the end `next` turns the pages of a story that has more of them.
  private static func readsOn(_ hint: KeyHint, _ scene: PaneScene, _ below: () -> Int) -> Bool {
    guard hint.command == .next, case .browse = scene.model.mode.base else { return false }
    return scene.session.position == scene.session.count && below() > 0
  }

  /// What can be done besides stepping, where there is room to tell it.
  private static func further(_ scene: PaneScene, in scope: KeyScope) -> [KeyHint] {
    let words: KeyValuePairs<Command, String> = [
      .exercise: "exercise", .predict: "predict", .lessons: "lessons",
    ]
    return words.compactMap { command, words in
      let asksNothing = command == .exercise && scene.session.script.exercises.isEmpty
      return asksNothing ? nil : scene.model.keymap.hint(command, in: scope, words)
    }
  }

  /// The key table's hints for the mode.
  private static func hints(_ scene: PaneScene, _ below: () -> Int) -> [KeyHint] {
    // What lies over the panes tells its own keys.
    guard !scene.model.mode.isOverlay else { return [] }
    let scope = scene.model.mode.base.scope
    if scene.model.story.playing != nil {
      let vital = (scene.model.keymap.hints[scope] ?? []).filter { Self.vital.contains($0.command) }
      return KeyHint.playing(scene.model.keymap) + vital
    }
    let hints = (scene.model.keymap.hints[scope] ?? []).map { hint in
      let hint = stepping(hint, in: scope)
      return readsOn(hint, scene, below)
        ? hint.saying("more") : isIdle(hint.command, scene, in: scope, below) ? hint.faint : hint
    }
    // While editing, the keys that change the copy come before the map of it.
    guard case .edit(let edit) = scene.model.mode.base else {
      return hints + further(scene, in: scope)
    }
    let own = hints.compactMap { hint -> KeyHint? in
      if hint.command == .more { return below() > 0 ? hint : nil }
      guard hint.command == .accept else { return hint }
      // A copy that goes with its call is not made.
      return edit.isTrial ? nil : edit.exercise == nil ? hint : hint.saying("hand in")
    }
    // What of the story is out of sight comes first, the map last.
    return own.filter { $0.command == .more }
      + own.filter { $0.command != .more && $0.command != .map }
      + own.filter { $0.command == .map }
  }

  /// The keys that step say what they step by: a line of a check, an event of a step.
  private static func stepping(_ hint: KeyHint, in scope: KeyScope) -> KeyHint {
    let unit: String
    switch scope {
    case .inside: unit = "line"
    case .events: unit = "event"
    case .browse, .edit, .lessons, .caches, .kernel: return hint
    }
    return switch hint.command {
    case .next: hint.saying("next " + unit)
    case .previous: hint.saying(unit + " back")
    default: hint
    }
  }
}
