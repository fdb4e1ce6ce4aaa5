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
  private let timeline: TimelineBar
  /// Columns the timeline may take.
  private let room: Int

  init(_ scene: PaneScene, _ rect: Rect) {
    let all = Self.hints(scene)
    vital = Fitting.line(
      all.filter { Self.vital.contains($0.command) }.map(\.spans), width: rect.width)
    let vitalWidth = Fitting.columns(vital)
    let left = max(0, rect.width - 2 - vitalWidth - 2)
    let subject = scene.subject
    let draft =
      subject.isOpen
      ? .ahead : subject.isDraft ? subject.report.flatMap { StepMark([$0]) } : StepMark?.none
    timeline = TimelineBar(session: scene.session, draft: draft)
    room = max(9, min(max(0, rect.width - 4 - vitalWidth) * 45 / 100, 60))
    bar = timeline.spans(width: room)
    let barWidth = Fitting.columns(bar)
    showsBar = barWidth <= left
    hintsStart = showsBar ? barWidth + 3 : 1
    hints = Fitting.line(
      all.filter { !Self.vital.contains($0.command) }.map(\.spans),
      width: max(0, left - hintsStart + 1))
    vitalStart = max(1, rect.width - 1 - vitalWidth)
  }

  /// The position after the step drawn at a column of the screen.
  func step(at column: Int) -> Int? { timeline.step(at: column - 1, width: room) }

  /// Help and the way out stand at the right, whatever else fits.
  private static let vital: Set<Command> = [.help, .quit, .cancel, .accept]

  /// Whether a command has nothing to do at this place of the story.
  private static func isIdle(_ command: Command, _ scene: PaneScene, in scope: KeyScope) -> Bool {
    let session = scene.session
    return switch command {
    case .next, .play: session.position == session.count
    case .previous: session.position == 0 && scope == .browse
    case .inside: scene.subject.report == nil
    case .events: !scene.model.mayOpenStep
    default: false
    }
  }

  /// The key table's hints for the mode.
  private static func hints(_ scene: PaneScene) -> [KeyHint] {
    // What lies over the panes tells its own keys.
    guard !scene.model.mode.isOverlay else { return [] }
    let scope = scene.model.mode.base.scope
    if scene.model.story.playing != nil {
      let vital = (scene.model.keymap.hints[scope] ?? []).filter { Self.vital.contains($0.command) }
      return KeyHint.playing(scene.model.keymap) + vital
    }
    let hints = (scene.model.keymap.hints[scope] ?? []).map { hint in
      isIdle(hint.command, scene, in: scope) ? hint.faint : hint
    }
    // While editing, the keys that change the copy come before the map of it.
    guard case .edit(let edit) = scene.model.mode.base else { return hints }
    let own = hints.compactMap { hint -> KeyHint? in
      guard hint.command == .accept else { return hint }
      // A copy that goes with its call is not made.
      return edit.isTrial ? nil : edit.exercise == nil ? hint : hint.saying("hand in")
    }
    return own.filter { $0.command != .map } + own.filter { $0.command == .map }
  }
}
