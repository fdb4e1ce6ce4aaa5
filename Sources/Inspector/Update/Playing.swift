import Grid
import Simulation

extension Model {
  /// Milliseconds after which a `.tick` is wanted; nil while nothing moves by itself.
  public var wakeAfter: Int? {
    guard case .browse = mode, session != nil else { return nil }
    return playing?.pace
  }

  mutating func togglePlaying() {
    guard playing == nil else {
      playing = nil
      return
    }
    if let session, session.position == session.count, live == nil { seek(to: 0) }
    playing = Playing(pace: pace)
    message = StatusMessage(playingWords)
  }

  mutating func changePace(by step: Int) {
    let paces = Playing.paces
    let now = paces.firstIndex(of: pace) ?? 3
    pace = paces[min(max(0, now + step), paces.count - 1)]
    if playing != nil { playing?.pace = pace }
    message = StatusMessage(playingWords)
  }

  private var playingWords: String {
    let seconds = pace % 1000 == 0 ? "\(pace / 1000)" : "\(pace / 1000).\(pace % 1000 / 100)"
    let playing =
      self.playing == nil ? keymap.says(.play, "plays") ?? "playing takes" : "playing"
    return keymap.telling(
      "\(playing) a step every \(seconds) s", [.faster: "faster", .slower: "slower"])
  }

  /// Time has come for a step.
  mutating func tick() -> [Effect] {
    guard wakeAfter != nil, !ask(), var session else { return [] }
    if let turn = programsTurn { return turn }
    if session.forward() {
      self.session = session
      arrived()
      message = nil
    }
    if session.position == session.count, live == nil {
      playing = nil
      message = StatusMessage(
        keymap.telling("played to the end", [.play: "plays again"]), .dim)
    }
    return []
  }

  mutating func goToBookmark() {
    guard let target = session?.nextBookmark else {
      message = StatusMessage(
        keymap.telling("no bookmark yet", [.bookmark: "sets one"]), .dim)
      return
    }
    seek(to: target)
  }

  mutating func toggleBookmark() {
    session?.toggleBookmark()
    let isSet = session.map { $0.bookmarks.contains($0.position) } == true
    message = StatusMessage(
      isSet
        ? keymap.telling("bookmarked", [.nextBookmark: "comes back here"])
        : "the bookmark is taken away")
  }
}
