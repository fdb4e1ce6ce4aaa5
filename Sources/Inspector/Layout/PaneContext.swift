import Grid
import Narration
import Simulation
import Timeline

/// What a frame shows.
struct PaneScene: Sendable {
  let model: Model
  let session: Session
  /// The session as far as it may be told: while a check is stepped through, up to the step before.
  let told: Session
  /// The step that is gone through event by event; the session is as it stands there.
  let opened: OpenedStep?
  let subject: Subject
  let marks: ByteMarks
  /// The check of the copy shown, line by line; empty without a copy.
  let check: [TraceLine]

  init(_ model: Model, _ session: Session) {
    opened = if case .events(let step) = model.mode.base { step } else { nil }
    let session = opened.map { session.paused(in: $0) } ?? session
    (self.model, self.session, subject) = (model, session, Subject(model, session))
    marks = ByteMarks(subject)
    let isHidden = subject.isOpen && subject.isDraft
    check = isHidden ? [] : subject.report.map { TraceWords.lines($0.outcome) } ?? []
    var told = session
    if subject.isOpen, !subject.isDraft { _ = told.back() }
    self.told = told
  }
}

/// What a pane is laid out from. All panes of a frame share its scene.
struct PaneContext {
  private let scene: Frozen<PaneScene>
  /// Inside the border.
  let rect: Rect
  let isFocused: Bool

  init(_ scene: Frozen<PaneScene>, rect: Rect, isFocused: Bool) {
    (self.scene, self.rect, self.isFocused) = (scene, rect, isFocused)
  }

  var model: Model { _read { yield scene.value.model } }
  var session: Session { _read { yield scene.value.session } }
  var told: Session { _read { yield scene.value.told } }
  var opened: OpenedStep? { _read { yield scene.value.opened } }
  var subject: Subject { _read { yield scene.value.subject } }
  var check: [TraceLine] { _read { yield scene.value.check } }
  var marks: ByteMarks { _read { yield scene.value.marks } }
  private var titleRole: Role { isFocused ? .title : .label }

  /// A pane's name and what it shows, for its border.
  func title(_ name: String, _ subject: String? = nil) -> [Span] {
    let name = Span(name, titleRole, .bold)
    guard let subject else { return [name] }
    return [name, Span(" ─ ", .label), Span(subject, titleRole)]
  }
}
