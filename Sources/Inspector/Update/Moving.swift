import Grid
import Narration
import Simulation
import Usercopy

/// Going about in the story: what every way of it comes down to.
extension Model {
  mutating func tell(_ text: String) { message = StatusMessage(text, .dim) }

  mutating func step(_ body: (inout Session) -> Bool) -> Void? {
    guard var session, body(&session) else { return nil }
    self.session = session
    arrived()
    return ()
  }

  mutating func stepForward() {
    step { $0.forward() } ?? tell(endWords)
  }

  /// What can be done where the story ends.
  var endWords: String {
    let asks = prediction == nil && session?.script.exercises.isEmpty == false
    return asks
      ? keymap.telling(
        "the end",
        [.previous: "goes back", .exercise: "asks an exercise", .lessons: "lists the lessons"])
      : keymap.telling("the end", [.previous: "goes back", .lessons: "lists the lessons"])
  }

  mutating func move(_ body: (inout Session) -> Void) {
    guard var session else { return }
    body(&session)
    self.session = session
    arrived()
  }

  /// A new point in the story: scrolls and hand-made choices start afresh.
  mutating func arrived() {
    session?.chosenCopy = nil
    scrolls = [:]
    (memory.slab, memory.task) = (nil, nil)
    memory.selected = nil
    if memory.chosen != .map { memory.chosen = nil }
    hideMap()
  }

  /// The map of a copy would tell how the next one comes out.
  mutating func hideMap() {
    if memory.chosen == .map, question != nil { memory.chosen = nil }
  }

  /// The question before the next step, if there is one that was not answered yet.
  var question: PredictState? { session.flatMap(Self.question) }

  private static func question(_ session: Session) -> PredictState? {
    guard let prediction = session.prediction, let action = session.next?.action else { return nil }
    let step = session.position + 1
    let part = Prediction.outcomes(action, on: session.world).first { part, _ in
      prediction.isOpen(Prediction.Item(step, part)) && prediction.said[part] == nil
    }
    guard let part = part?.part else { return nil }
    let era = session.world.era
    let judge = part == .ending ? "" : ", judged by \(era.id)"
    return PredictState(
      part: part, copy: EventWords.action(action) + judge,
      choices: Prediction.Guess.choices(part, era))
  }

  /// Asks before the next step; false when there is nothing to ask.
  mutating func ask() -> Bool {
    guard let question else { return false }
    mode = .predict(question)
    return true
  }

  /// Goes to a step of the story; while predicting no further than to the next question.
  mutating func seek(to position: Int) {
    guard prediction != nil, let now = session?.position, now < position else {
      session?.seek(position)
      return arrived()
    }
    while question == nil, let session, session.position < min(position, session.count) {
      self.session?.seek(session.position + 1)
    }
    arrived()
    if let now = session?.position, now < position { _ = ask() }
  }

  /// Changes the session so that it can be undone.
  mutating func byHand(_ body: (inout Session) -> Void) {
    guard var session else { return }
    let before = session
    body(&session)
    guard keepsFaith(before, session) else {
      return tell(
        keymap.telling(
          "a program runs here: steps can only be added behind the last", [.last: "goes there"]))
    }
    undoable.append(before)
    if undoable.count > 200 { undoable.removeFirst() }
    undone = []
    self.session = session
  }

  /// Whether a change by hand keeps what the running program was told: steps may be added behind the
  /// last, nothing before may become another.
  func keepsFaith(_ before: Session, _ after: Session) -> Bool {
    live == nil || (before.position == before.count && after.count == before.count + 1)
  }

  /// Lets the program make the call it waits with, when the story has come to it.
  var programsTurn: [Effect]? {
    guard let live, let session, session.position == session.count else { return nil }
    return live.wants == nil ? [] : [.letProgramGo]
  }
}
