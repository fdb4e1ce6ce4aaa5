/// What is searched for in the focused pane.
public struct SearchState: Sendable, Hashable {
  /// What is searched for; empty searches for nothing.
  public var text = ""
  /// Which place found was gone to.
  public var index = 0
}

/// The `:` line.
public struct CommandState: Sendable, Hashable {
  /// The text before and behind the cursor.
  public var before = ""
  /// The text behind the cursor.
  public var after = ""
  /// Which line of the history is shown; nil for a new one.
  public var history: Int?
  /// The words offered for the one being typed, and the one taken.
  public var offers: [String] = []
  /// The offer taken, by its place; nil before one is.
  public var offer: Int?
  /// The word the offers complete.
  public var stem = ""

  /// The whole line.
  public var text: String { before + after }

  /// A line with that typed already.
  init(typed text: String = "") { before = text }
}

/// Playing on by itself.
public struct Playing: Sendable, Hashable {
  /// Milliseconds a step.
  public var pace: Int

  /// Milliseconds a step takes in which `words` are read: the pace, and longer where there is more to read
  /// than eight words.
  func milliseconds(reading words: String) -> Int {
    let count = min(words.split(separator: " ").count, 80)
    return max(pace, pace * count / 8)
  }

  /// The paces to choose from, milliseconds a step.
  public static let paces = [200, 400, 800, 1_500, 3_000, 6_000]
}
