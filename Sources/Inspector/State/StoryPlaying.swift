import Grid

/// Playing on by itself.
extension Story {
  /// Starts playing, from the start when the end was reached, or stops.
  mutating func togglePlaying(_ keymap: Keymap) -> Turn {
    guard playing == nil else {
      playing = nil
      return Turn()
    }
    var turn = Turn()
    if let session, session.position == session.count, live == nil { turn = seek(to: 0) }
    playing = Playing(pace: pace)
    turn.message = StatusMessage(playingWords(keymap))
    return turn
  }

  /// Plays faster or slower, now or when it is next asked to.
  mutating func changePace(by step: Int, _ keymap: Keymap) -> Turn {
    let paces = Playing.paces
    let now = paces.firstIndex(of: pace) ?? 3
    pace = paces[min(max(0, now + step), paces.count - 1)]
    playing?.pace = pace
    return Turn(message: StatusMessage(playingWords(keymap)))
  }

  private func playingWords(_ keymap: Keymap) -> String {
    let seconds = pace % 1000 == 0 ? "\(pace / 1000)" : "\(pace / 1000).\(pace % 1000 / 100)"
    let playing =
      self.playing == nil ? keymap.says(.play, "plays") ?? "playing takes" : "playing"
    return keymap.telling(
      "\(playing) a step every \(seconds) s", [.faster: "faster", .slower: "slower"])
  }

  /// Time has come for a step.
  mutating func tick(_ keymap: Keymap) -> Turn {
    if let question { return Turn(question: question) }
    if let turn = programsTurn { return turn }
    var turn = Turn(hasArrived: session?.forward() == true)
    if let session, session.position == session.count, live == nil {
      playing = nil
      turn.message = StatusMessage(
        keymap.telling("played to the end", [.play: "plays again"]), .dim)
    }
    return turn
  }
}
