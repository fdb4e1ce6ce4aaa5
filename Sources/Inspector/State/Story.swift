import Grid
import Simulation
import Timeline

/// The story that is told, and what is done to it: the session, what was changed by hand, playing on by itself, the
/// exercises asked, and the program that makes the steps.
///
/// Everything done here comes back as a `Turn`, which says what the screen has to follow.
public struct Story: Sendable {
  /// The scenario open now; nil while none is.
  public var session: Session? {
    _read { yield sharedSession.value }
    _modify { yield &sharedSession.value }
  }
  private var sharedSession: Shared<Session?>
  /// Sessions that were undone, the last one first to come back.
  public internal(set) var undone: [Session] = []
  /// Sessions before changes made by hand, the last one first to come back.
  public internal(set) var undoable: [Session] = []
  /// The program that makes the steps; nil when a script does.
  public var live: LiveProgram?
  /// Playing on by itself; nil while it rests.
  public internal(set) var playing: Playing?
  /// Milliseconds a step when playing.
  var pace = 1_500
  /// The exercise asked that wants steps, an order or a number; nil while none is.
  public internal(set) var asked: ExerciseState?
  /// The story stands at the step of an exercise, not where its reader went.
  public internal(set) var isExercising = false
  /// Which of the lesson's exercises was asked last, from 0.
  var lastExercise: Int?
  /// The exercises done in earlier sittings, from 0.
  var solvedBefore: Set<Int> = []
  /// The exercises done, from 0.
  public internal(set) var solved: Set<Int> = []
  /// Another number after everything that may have changed the steps of a session or the exercises done.
  public internal(set) var revision = 0
  /// The number of the scenario opened last.
  private var lastOpening = 1

  /// A story at its start, or none.
  public init(_ session: Session? = nil) { sharedSession = Shared(session) }

  /// Opens a scenario at its start; what was done by hand in another one can be gone back to, and is returned.
  ///
  /// - Throws: why its machine cannot be built.
  mutating func open(_ script: Script) throws(ActionError) -> Session? {
    let kept = session.flatMap { $0.handmade > 0 ? $0 : nil }
    var opened = try Session(script)
    opened.opening = newOpening()
    session = opened
    revision += 1
    undone = []
    if let kept { undoable.append(kept) }
    playing = nil
    (lastExercise, solved, solvedBefore, asked) = (nil, [], [], nil)
    isExercising = false
    return kept
  }

  /// Takes up what earlier sittings did of the lesson that was just opened.
  ///
  /// - Parameters:
  ///   - bookmarks: positions worth coming back to.
  ///   - notes: the reader's own, by position.
  ///   - solved: the exercises done, from 0.
  public mutating func restore(bookmarks: Set<Int>, notes: [Int: String], solved: Set<Int>) {
    session?.restore(bookmarks: bookmarks, notes: notes)
    solvedBefore = solved
  }

  /// Writes a note of the reader's own on the step, or takes it away.
  mutating func note(_ text: String) -> Turn {
    guard let position = session?.position else { return Turn() }
    let kept = String(text.prefix(Self.longestNote))
    session?.notes[position] = kept.isEmpty ? nil : kept
    return .told(kept.isEmpty ? "no note on this step" : "noted on this step")
  }

  /// Longest note, characters.
  private static let longestNote = 500

  /// The number of a scenario that is opened now.
  mutating func newOpening() -> Int {
    lastOpening += 1
    return lastOpening
  }

  /// Takes up sessions of an earlier sitting, the last one to go on with; the others can be gone back to.
  mutating func resume(_ sessions: [Session], solved: Set<Int>) {
    guard let last = sessions.last else { return }
    session = last
    undoable = Array(sessions.dropLast())
    lastOpening = sessions.map(\.opening).max() ?? 1
    lastExercise = solved.max()
    self.solved = solved
    revision += 1
  }

  /// Changes the session so that it can be undone; the words of a refusal while a program runs.
  mutating func byHand(_ keymap: Keymap, _ body: (inout Session) -> Void) -> StatusMessage? {
    guard var session else { return nil }
    let before = session
    body(&session)
    guard keepsFaith(before, session) else {
      return StatusMessage(
        keymap.telling(
          "a program runs here: steps can only be added behind the last", [.last: "goes there"]),
        .dim)
    }
    undoable.append(before)
    if undoable.count > 200 { undoable.removeFirst() }
    undone = []
    self.session = session
    revision += 1
    return nil
  }

  /// Whether a change by hand keeps what the running program was told: steps may be added behind the
  /// last, nothing before may become another.
  private func keepsFaith(_ before: Session, _ after: Session) -> Bool {
    live == nil || (before.position == before.count && after.count == before.count + 1)
  }

  /// Back to before the last change by hand.
  mutating func undo() -> Turn {
    guard let before = session, let other = goBack(from: \.undoable, to: \.undone) else {
      return nothing("nothing was done by hand")
    }
    return changed(from: before, to: other)
  }

  /// What was undone is done again; the story stands where the two part.
  mutating func redo() -> Turn {
    guard let before = session, var other = goBack(from: \.undone, to: \.undoable) else {
      return nothing("nothing was undone")
    }
    if before.script.id == other.script.id {
      let pairs = zip(before.fullScript.steps, other.fullScript.steps)
      let same = pairs.prefix { $0.action == $1.action }.count
      other.seek(min(same + 1, other.count))
    }
    return changed(from: before, to: other)
  }

  private func nothing(_ words: String) -> Turn {
    .told(live == nil ? words : "a program runs here: nothing can be undone")
  }

  private mutating func goBack(
    from: WritableKeyPath<Story, [Session]>, to: WritableKeyPath<Story, [Session]>
  ) -> Session? {
    guard live == nil, let session, let other = self[keyPath: from].popLast() else { return nil }
    self[keyPath: to].append(session)
    isExercising = asked != nil
    revision += 1
    return other
  }

  private mutating func changed(from before: Session, to other: Session) -> Turn {
    session = other
    if asked?.exercise.task.wantsSteps == true {
      let answer = stepsAnswer
      asked?.answer = answer
    }
    guard before.script.id != other.script.id else { return .arrived }
    return Turn(
      message: StatusMessage("back to '\(other.script.title)', step \(other.position)"),
      hasArrived: true)
  }

  /// An action that could not be done is taken back; why it could not.
  mutating func takeBackRefused() -> ActionError? {
    guard let events = session?.timeline.events else { return nil }
    for case .refused(let error) in events {
      session = undoable.popLast()
      revision += 1
      return error
    }
    return nil
  }
}
