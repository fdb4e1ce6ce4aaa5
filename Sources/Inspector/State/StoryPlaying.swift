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

  /// Takes the pace that is wanted for always, milliseconds a step; nil leaves the usual one.
  public mutating func take(pace wanted: Int?) {
    if let wanted { pace = max(1, wanted) }
  }

  /// Plays faster or slower, now or when it is next asked to.
  mutating func changePace(by step: Int, _ keymap: Keymap) -> Turn {
    let paces = Playing.paces
    // A pace of the user's own lies between two.
    let next = step < 0 ? paces.last { $0 < pace } : paces.first { $0 > pace }
    pace = next ?? (step < 0 ? paces[0] : paces[paces.count - 1])
    playing?.pace = pace
    return Turn(message: StatusMessage(playingWords(keymap)))
  }

  private func playingWords(_ keymap: Keymap) -> String {
    let seconds = pace % 1000 == 0 ? "\(pace / 1000)" : "\(pace / 1000).\(pace % 1000 / 100)"
    let playing =
      self.playing == nil ? keymap.says(.play, "plays") ?? "playing takes" : "playing"
    return keymap.telling(
      "\(playing) a step every \(seconds) s, longer to read more",
      [.faster: "faster", .slower: "slower"])
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
