import Grid

extension Model {
  mutating func predict(_ key: Key, _ state: PredictState) -> [Effect] {
    var state = state
    switch state.take(key, keymap) {
    case .stays:
      mode = .predict(state)
      return []
    case .answered(let guess):
      mode = .browse
      return take(story.answer(state.part, guess, keymap))
    case .left(let endsAsking):
      story.leaveQuestion()
      mode = .browse
      return endsAsking ? take(story.togglePredicting(keymap)) : []
    }
  }
}

extension PredictState {
  /// What a key did to the question.
  enum Outcome {
    case stays
    case answered(Prediction.Guess)
    /// Left without an answer; `endsAsking` when no more is to be asked.
    case left(endsAsking: Bool)
  }

  mutating func take(_ key: Key, _ keymap: Keymap) -> Outcome {
    let count = choices.count
    switch (key.code, key.typed) {
    case (.up, _), (_, "k"): cursor = (cursor + count - 1) % count
    case (.down, _), (_, "j"): cursor = (cursor + 1) % count
    case (.enter, _): return .answered(choices[min(max(0, cursor), count - 1)])
    case (_, let scalar?) where ("1"..."9").contains(scalar):
      let index = Int(scalar.value) - 0x31
      return index < count ? .answered(choices[index]) : .stays
    case _ where keymap.command(key, in: .browse) == .predict: return .left(endsAsking: true)
    default: return key.closes || key.typed == "q" ? .left(endsAsking: false) : .stays
    }
    return .stays
  }
}
