import Grid
public import KernelLog

/// The help overlay: typing filters it, Enter runs what is selected.
public struct HelpState: Sendable {
  /// The selected row among the bindings shown.
  public var cursor = 0
  public var filter = ""
  /// The mode to go back to.
  public var back: ReturnMode

  public init(back: ReturnMode) { self.back = back }
}

/// The command palette: every command by name.
public struct PaletteState: Sendable {
  public var text = ""
  public var cursor = 0
  public var back: ReturnMode

  public init(back: ReturnMode) { self.back = back }
}

/// The theme picker; moving shows the theme at once.
public struct ThemeState: Sendable {
  public var cursor: Int
  /// The theme to go back to.
  public var before: String
  public var back: ReturnMode
}

/// A mode to return to from an overlay.
public enum ReturnMode: Sendable {
  case lessons
  case caches
  case browse
  /// Inside a check, at a line.
  case inside(Int)
  /// Editing a copy, as far as it was edited.
  case edit(EditState)

  var mode: Mode {
    switch self {
    case .lessons: .lessons
    case .caches: .caches
    case .browse: .browse
    case .inside(let line): .inside(line)
    case .edit(let edit): .edit(edit)
    }
  }

  /// Whether a list fills the screen.
  var isList: Bool {
    switch self {
    case .lessons, .caches: true
    default: false
    }
  }

  var scope: KeyScope {
    switch self {
    case .lessons: .lessons
    case .caches: .caches
    case .browse: .browse
    case .inside: .inside
    case .edit: .edit
    }
  }
}

/// The list of slab caches.
public struct CacheList: Sendable {
  /// What was read, its caches in the order shown.
  public private(set) var listing: CacheListing
  public private(set) var order: CacheOrder
  /// Index of the selected cache.
  public var cursor = 0

  /// A list sorted as the one before, on the same cache.
  init(_ listing: CacheListing, like before: CacheList?) {
    self.listing = listing
    order = before?.order ?? .name
    let selected = before?.selected?.name
    sort(by: order)
    cursor = self.listing.caches.firstIndex { $0.name == selected } ?? 0
  }

  var selected: CacheInfo? {
    listing.caches.indices.contains(cursor) ? listing.caches[cursor] : nil
  }

  /// Sorts; the same cache stays selected.
  mutating func sort(by order: CacheOrder) {
    let name = selected?.name
    self.order = order
    listing.caches = order.sorted(listing.caches)
    cursor = listing.caches.firstIndex { $0.name == name } ?? 0
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
