import Simulation
import Usercopy

/// Going about in the story.
extension Story {
  /// What comes next: a question, a question once more, the program's call, a step.
  mutating func next(_ keymap: Keymap) -> Turn {
    if let question { return Turn(question: question) }
    let before = session?.position
    if let again = askAgain() { return again }
    if let turn = programsTurn {
      return turn.letsProgramGo ? turn : live.map { .told($0.words(keymap)) } ?? turn
    }
    var turn = forward(keymap)
    if session?.position != before { turn.hasArrived = true }
    return turn
  }

  /// One step on.
  mutating func forward(_ keymap: Keymap) -> Turn {
    session?.forward() == true ? .arrived : .told(endWords(keymap))
  }

  /// One step back.
  mutating func back(_ keymap: Keymap) -> Turn {
    guard session?.back() != true else { return .arrived }
    return .told(keymap.telling("already at the first step", [.next: "goes on"]))
  }

  /// What can be done where the story ends.
  private func endWords(_ keymap: Keymap) -> String {
    let asks = session?.prediction == nil && session?.script.exercises.isEmpty == false
    return asks
      ? keymap.telling(
        "the end",
        [.previous: "goes back", .exercise: "asks an exercise", .lessons: "lists the lessons"])
      : keymap.telling("the end", [.previous: "goes back", .lessons: "lists the lessons"])
  }

  /// Goes to a step of the story; while predicting no further than to the next question.
  mutating func seek(to position: Int) -> Turn {
    guard let now = session?.position, session?.prediction != nil, now < position else {
      session?.seek(position)
      return .arrived
    }
    while question == nil, let session, session.position < min(position, session.count) {
      self.session?.seek(session.position + 1)
    }
    let isShort = session.map { $0.position < position } == true
    return Turn(hasArrived: true, question: isShort ? question : nil)
  }

  /// Straight to a step, whatever could be asked on the way.
  mutating func stand(at position: Int) -> Turn {
    isExercising = false
    session?.seek(position)
    return .arrived
  }

  /// To the next copy of the scenario, or the one before.
  mutating func jump(by direction: Int) -> Turn {
    guard let session else { return Turn() }
    let actions = session.fullScript.steps.map(\.action)
    var target = session.position + direction
    while target > 0, target <= actions.count {
      if case .copy = actions[target - 1] { return seek(to: target) }
      target += direction
    }
    return .told(direction > 0 ? "no copy further on" : "no copy before this")
  }

  /// Judges by the next era from here on, or by the one before.
  mutating func changeEra(by step: Int, _ keymap: Keymap) -> Turn {
    guard let session, let era = Era.all.element(step, behind: session.world.era) else {
      return Turn()
    }
    let refusal = byHand(keymap) { $0.rejudge(under: era.id) }
    let words = "judged by \(era.title) (\(era.date)) from here on"
    return Turn(message: refusal ?? StatusMessage(words))
  }

  /// To the next bookmark.
  mutating func goToBookmark(_ keymap: Keymap) -> Turn {
    guard let target = session?.nextBookmark else {
      return .told(keymap.telling("no bookmark yet", [.bookmark: "sets one"]))
    }
    return seek(to: target)
  }

  /// Sets a bookmark here, or takes it away.
  mutating func toggleBookmark(_ keymap: Keymap) -> Turn {
    session?.toggleBookmark()
    let isSet = session.map { $0.bookmarks.contains($0.position) } == true
    let words =
      isSet
      ? keymap.telling("bookmarked", [.nextBookmark: "comes back here"])
      : "the bookmark is taken away"
    return Turn(message: StatusMessage(words))
  }
}

extension Collection where Element: Equatable, Index == Int {
  /// The element some places behind another one, the first behind the last; nil when that one is not there.
  func element(_ step: Int, behind element: Element) -> Element? {
    guard let now = firstIndex(of: element) else { return nil }
    return self[((now + step) % count + count) % count]
  }
}
