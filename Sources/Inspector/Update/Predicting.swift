import Grid
import Narration
import Simulation
import Usercopy

extension Prediction.Guess {
  /// How a copy came out.
  init(_ report: CopyReport) {
    let outcome = report.outcome
    switch outcome.verdict {
    case .allow: self = report.leaks.isEmpty ? .allowed : .leaky
    case .bug, .hang: self = .crash
    case .deny:
      switch outcome.refuser {
      case .slab?: self = .slab
      case .stack?: self = .stack
      case .hardenedUsercopy?: self = .hardened
      default: self = .other
      }
    }
  }

  /// The answers that make sense under an era, in the order of the question.
  static func choices(_ era: Era) -> [Prediction.Guess] {
    switch era.rules {
    case .rfc: [.allowed, .leaky, .slab, .stack, .other, .crash]
    case .hardened: [.allowed, .leaky, .hardened, .other, .crash]
    }
  }
}

extension Prediction {
  /// How it went, in a sentence.
  var summary: String {
    let all = right.count + wrong.count
    guard all > 0 else { return "No copy was predicted." }
    let score = "You said it right \(right.count) of \(all) times."
    guard !wrong.isEmpty else { return score }
    let steps = wrong.sorted().map(String.init).joined(separator: ", ")
    return score + " The others are bookmarked (' goes to them): step \(steps)."
  }
}

extension Model {
  mutating func togglePredicting() {
    guard prediction == nil else {
      message = StatusMessage(prediction?.summary ?? "")
      prediction = nil
      return
    }
    prediction = Prediction()
    message = StatusMessage("before every copy you are asked what it does; P ends that")
  }

  /// The question before the next step, if it is a copy that was not predicted yet.
  var question: PredictState? {
    guard let prediction, let session, case .copy(let copy)? = session.next?.action else {
      return nil
    }
    let position = session.position + 1
    guard !prediction.right.contains(position), !prediction.wrong.contains(position),
      Self.report(copy, on: session.world) != nil
    else { return nil }
    return PredictState(
      copy: "\(EventWords.action(.copy(copy))), judged by \(session.world.era.id)",
      choices: Prediction.Guess.choices(session.world.era))
  }

  mutating func predict(_ key: Key, _ state: PredictState) -> [Effect] {
    var state = state
    let count = state.choices.count
    switch (key.code, key.typed) {
    case (.up, _), (_, "k"): state.cursor = (state.cursor + count - 1) % count
    case (.down, _), (_, "j"): state.cursor = (state.cursor + 1) % count
    case (.enter, _):
      answer(state.choices[min(max(0, state.cursor), count - 1)])
      return []
    case (_, let scalar?) where ("1"..."9").contains(scalar):
      let index = Int(scalar.value) - 0x31
      guard index < count else { return [] }
      answer(state.choices[index])
      return []
    case (_, "P"):
      mode = .browse
      togglePredicting()
      return []
    default:
      if key.closes || key.typed == "q" { mode = .browse }
      return []
    }
    mode = .predict(state)
    return []
  }

  /// Makes the copy and says whether the guess was right.
  private mutating func answer(_ guess: Prediction.Guess) {
    mode = .browse
    stepForward()
    guard let session, let report = session.shownCopy?.report else { return }
    let outcome = Prediction.Guess(report)
    if outcome == guess {
      prediction?.right.insert(session.position)
      message = StatusMessage("Right: \(guess.words).", .allowed)
    } else {
      prediction?.wrong.insert(session.position)
      if !session.bookmarks.contains(session.position) { self.session?.toggleBookmark() }
      message = StatusMessage("No: \(outcome.words).", .denied)
    }
  }
}
