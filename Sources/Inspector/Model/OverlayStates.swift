import Grid

/// The help overlay: typing filters it, Enter runs what is selected.
public struct HelpState: Sendable, Hashable {
  /// The selected row among the bindings shown.
  public var cursor = 0
  public var filter = ""
  /// The mode to go back to.
  public var back: ReturnMode

  public init(back: ReturnMode) { self.back = back }
}

/// The command palette: every command by name.
public struct PaletteState: Sendable, Hashable {
  public var text = ""
  public var cursor = 0
  public var back: ReturnMode

  public init(back: ReturnMode) { self.back = back }
}

/// The theme picker; moving shows the theme at once.
public struct ThemeState: Sendable, Hashable {
  public var cursor: Int
  /// The theme to go back to.
  public var before: String
  public var back: ReturnMode
}

/// A mode to return to from an overlay.
public enum ReturnMode: Sendable, Hashable {
  case lessons
  case browse
  /// Inside a check, at a line.
  case inside(Int)

  var mode: Mode {
    switch self {
    case .lessons: .lessons
    case .browse: .browse
    case .inside(let line): .inside(line)
    }
  }

  var scope: KeyScope {
    switch self {
    case .lessons: .lessons
    case .browse: .browse
    case .inside: .inside
    }
  }
}

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
