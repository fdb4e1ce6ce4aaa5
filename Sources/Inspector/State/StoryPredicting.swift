import Grid
import Narration
import Simulation
import Usercopy

/// Predicting: questions before the steps, and what became of the answers.
extension Story {
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

  /// Asks from now on, or says how it went.
  mutating func togglePredicting(_ keymap: Keymap) -> Turn {
    guard let prediction = session?.prediction else {
      session?.prediction = Prediction()
      return Turn(
        message: StatusMessage(
          keymap.telling(
            "before every copy and call you are asked what it does", [.predict: "ends that"])))
    }
    let hint =
      prediction.wrong.isEmpty ? nil : keymap.says(.nextBookmark, "goes to those you got wrong.")
    session?.prediction = nil
    return Turn(
      message: StatusMessage(
        [prediction.score, hint].compactMap(\.self).joined(separator: " ")))
  }

  /// To the next wrong answer that is to be asked again; the first time round, to the first.
  mutating func askAgain() -> Turn? {
    guard var session, var prediction = session.prediction else { return nil }
    if prediction.again.isEmpty {
      guard session.position == session.count, !prediction.wrong.isEmpty else { return nil }
      prediction.again = prediction.wrong
    }
    while let step = prediction.again.map(\.step).min() {
      session.prediction = prediction
      session.seek(step - 1)
      self.session = session
      if let question { return Turn(hasArrived: true, question: question) }
      // The step cannot be made any more; something was changed by hand.
      prediction.again = prediction.again.filter { $0.step != step }
    }
    return nil
  }

  /// Takes an answer; after the step's last one makes the step and says which were right.
  mutating func answer(
    _ part: Prediction.Part, _ guess: Prediction.Guess, _ keymap: Keymap
  ) -> Turn {
    guard let action = session?.next?.action, let world = session?.world else { return Turn() }
    session?.prediction?.said[part] = guess
    if let question { return Turn(question: question) }
    let said = session?.prediction?.said ?? [:]
    let outcomes = Prediction.outcomes(action, on: world)
    var turn = forward(keymap)
    let right = outcomes.filter { part, outcome in
      said[part].map { Prediction.isRight($0, outcome, of: action, on: world) } ?? false
    }
    turn.message = reveal(said, outcomes, right: Set(right.map(\.part))) ?? turn.message
    return turn
  }

  /// Takes back what was said of the coming step.
  mutating func leaveQuestion() { session?.prediction?.said = [:] }

  private mutating func reveal(
    _ said: [Prediction.Part: Prediction.Guess],
    _ outcomes: [(part: Prediction.Part, outcome: Prediction.Guess)],
    right: Set<Prediction.Part>
  ) -> StatusMessage? {
    guard var session else { return nil }
    var words: [String] = []
    var isRight = true
    for (part, outcome) in outcomes {
      guard let guess = said[part] else { continue }
      let item = Prediction.Item(session.position, part)
      let wasRight = right.contains(part)
      session.prediction?.note(item, isRight: wasRight)
      isRight = isRight && wasRight
      let reason = (wasRight ? guess : outcome).words.prefix { $0 != ":" }
      words.append("\(wasRight ? "Right" : "No"): \(reason).")
    }
    if !isRight, !session.bookmarks.contains(session.position) { session.toggleBookmark() }
    self.session = session
    return StatusMessage(words.joined(separator: " "), isRight ? .allowed : .denied)
  }
}
