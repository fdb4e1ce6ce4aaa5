/// What is searched for in the focused pane.
public struct SearchState: Sendable, Hashable {
  public var text = ""
  /// Which place found was gone to.
  public var index = 0
}

/// The `:` line.
public struct CommandState: Sendable, Hashable {
  /// The text before and behind the cursor.
  public var before = ""
  public var after = ""
  /// Which line of the history is shown; nil for a new one.
  public var history: Int?
  /// The words offered for the one being typed, and the one taken.
  public var offers: [String] = []
  public var offer: Int?
  /// The word the offers complete.
  public var stem = ""

  public var text: String { before + after }
}

/// Playing on by itself.
public struct Playing: Sendable, Hashable {
  /// Milliseconds a step.
  public var pace: Int

  public static let paces = [200, 400, 800, 1_500, 3_000, 6_000]
}
