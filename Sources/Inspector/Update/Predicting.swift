import Grid
import Narration
import Simulation
import Usercopy

extension Model {
  /// Predicting, and how it went so far; nil when not asked for.
  public var prediction: Prediction? { session?.prediction }

  mutating func togglePredicting() {
    guard let prediction else {
      session?.prediction = Prediction()
      message = StatusMessage(
        keymap.telling(
          "before every copy and call you are asked what it does", [.predict: "ends that"]))
      hideMap()
      return
    }
    let hint =
      prediction.wrong.isEmpty ? nil : keymap.says(.nextBookmark, "goes to those you got wrong.")
    message = StatusMessage([prediction.score, hint].compactMap(\.self).joined(separator: " "))
    session?.prediction = nil
  }

  /// To the next wrong answer that is to be asked again; the first time round, to the first.
  mutating func askAgain() -> Bool {
    guard var session, var prediction = session.prediction else { return false }
    if prediction.again.isEmpty {
      guard session.position == session.count, !prediction.wrong.isEmpty else { return false }
      prediction.again = prediction.wrong
    }
    while let step = prediction.again.map(\.step).min() {
      session.prediction = prediction
      session.seek(step - 1)
      self.session = session
      arrived()
      if ask() { return true }
      // The step cannot be made any more; something was changed by hand.
      prediction.again = prediction.again.filter { $0.step != step }
    }
    return false
  }

  mutating func predict(_ key: Key, _ state: PredictState) -> [Effect] {
    var state = state
    let count = state.choices.count
    switch (key.code, key.typed) {
    case (.up, _), (_, "k"): state.cursor = (state.cursor + count - 1) % count
    case (.down, _), (_, "j"): state.cursor = (state.cursor + 1) % count
    case (.enter, _):
      answer(state.part, state.choices[min(max(0, state.cursor), count - 1)])
      return []
    case (_, let scalar?) where ("1"..."9").contains(scalar):
      let index = Int(scalar.value) - 0x31
      guard index < count else { return [] }
      answer(state.part, state.choices[index])
      return []
    case _ where keymap.command(key, in: .browse) == .predict:
      session?.prediction?.said = [:]
      mode = .browse
      togglePredicting()
      return []
    default:
      if key.closes || key.typed == "q" {
        session?.prediction?.said = [:]
        mode = .browse
      }
      return []
    }
    mode = .predict(state)
    return []
  }

  /// Takes an answer; after the step's last one makes the step and says which were right.
  private mutating func answer(_ part: Prediction.Part, _ guess: Prediction.Guess) {
    mode = .browse
    guard var session, let action = session.next?.action else { return }
    session.prediction?.said[part] = guess
    self.session = session
    if ask() { return }
    let said = session.prediction?.said ?? [:]
    let outcomes = Prediction.outcomes(action, on: session.world)
    stepForward()
    reveal(said, outcomes)
  }

  private mutating func reveal(
    _ said: [Prediction.Part: Prediction.Guess],
    _ outcomes: [(part: Prediction.Part, outcome: Prediction.Guess)]
  ) {
    guard var session else { return }
    var words: [String] = []
    var isRight = true
    for (part, outcome) in outcomes {
      guard let guess = said[part] else { continue }
      let item = Prediction.Item(session.position, part)
      session.prediction?.note(item, isRight: guess == outcome)
      isRight = isRight && guess == outcome
      let reason = outcome.words.prefix { $0 != ":" }
      words.append("\(guess == outcome ? "Right" : "No"): \(reason).")
    }
    if !isRight, !session.bookmarks.contains(session.position) { session.toggleBookmark() }
    self.session = session
    message = StatusMessage(words.joined(separator: " "), isRight ? .allowed : .denied)
  }
}
