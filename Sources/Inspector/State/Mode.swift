/// What the keys mean now.
public enum Mode: Sendable {
  case lessons
  case caches
  /// What a file holds of a real kernel's memory.
  case kernel
  case browse
  indirect case edit(EditState)
  /// Stepping through a check; the value is the line reached.
  case inside(Int)
  /// Going through a step event by event.
  indirect case events(OpenedStep)
  case help(HelpState)
  case command(CommandState)
  case search(back: ReturnMode)
  case palette(PaletteState)
  case themes(ThemeState)
  case predict(PredictState)

  /// Whether something lies over the panes.
  var isOverlay: Bool {
    switch self {
    case .help, .palette, .themes, .predict: true
    case .lessons, .caches, .kernel, .browse, .edit, .inside, .events, .command, .search: false
    }
  }

  /// Whether the wheel goes from line to line, or from event to event.
  var isStepping: Bool {
    switch self {
    case .inside, .events: true
    default: false
    }
  }

  /// The mode below overlays and prompts.
  var base: Mode {
    switch self {
    case .help(let state): state.back.mode
    case .palette(let state): state.back.mode
    case .themes(let state): state.back.mode
    case .search(let back): back.mode
    case .command, .predict: .browse
    case .lessons, .caches, .kernel, .browse, .edit, .inside, .events: self
    }
  }

  /// Where an overlay over it comes back to; `hasStory` when a scenario is open.
  func toReturn(hasStory: Bool) -> ReturnMode {
    switch self {
    case .lessons: .lessons
    case .caches: .caches
    case .kernel: .kernel
    case .inside(let line): .inside(line)
    case .events(let step): .events(step)
    case .edit(let edit): .edit(edit)
    default: hasStory ? .browse : .lessons
    }
  }

  /// The table of keys that hold in it, or in what lies below it.
  var scope: KeyScope {
    switch base {
    case .edit: .edit
    case .inside: .inside
    case .events: .events
    case .lessons: .lessons
    case .caches: .caches
    case .kernel: .kernel
    default: .browse
    }
  }
}

/// A mode to return to from an overlay.
public enum ReturnMode: Sendable {
  case lessons
  case caches
  /// What a file holds of a real kernel's memory.
  case kernel
  case browse
  /// Inside a check, at a line.
  case inside(Int)
  /// Inside a step, at an event.
  indirect case events(OpenedStep)
  /// Editing a copy, as far as it was edited.
  indirect case edit(EditState)

  var mode: Mode {
    switch self {
    case .lessons: .lessons
    case .caches: .caches
    case .kernel: .kernel
    case .browse: .browse
    case .inside(let line): .inside(line)
    case .events(let step): .events(step)
    case .edit(let edit): .edit(edit)
    }
  }

  /// Whether a list fills the screen.
  var isList: Bool {
    switch self {
    case .lessons, .caches, .kernel: true
    default: false
    }
  }

  var scope: KeyScope {
    switch self {
    case .lessons: .lessons
    case .caches: .caches
    case .kernel: .kernel
    case .browse: .browse
    case .inside: .inside
    case .events: .events
    case .edit: .edit
    }
  }
}

/// The help overlay: typing filters it, Enter runs what is selected.
public struct HelpState: Sendable {
  /// The selected row among the bindings shown.
  public var cursor = 0
  /// What was typed to search the keys.
  public var filter = ""
  /// The mode to go back to.
  public var back: ReturnMode
  /// What stood on the screen, whose words are explained.
  let screen: String

  /// Help that shows everything.
  ///
  /// - Parameters:
  ///   - back: the mode to go back to.
  ///   - screen: what stands on the screen, whose words are explained.
  public init(back: ReturnMode, screen: String = "") { (self.back, self.screen) = (back, screen) }
}

/// The command palette: every command by name.
public struct PaletteState: Sendable {
  /// What was typed.
  public var text = ""
  /// The selected row among the commands that match.
  public var cursor = 0
  /// The mode to go back to.
  public var back: ReturnMode

  /// A palette of all commands.
  public init(back: ReturnMode) { self.back = back }
}

/// The theme picker; moving shows the theme at once.
public struct ThemeState: Sendable {
  /// The selected theme, by its place.
  public var cursor: Int
  /// The theme to go back to.
  public var before: String
  /// The mode to go back to.
  public var back: ReturnMode
}
