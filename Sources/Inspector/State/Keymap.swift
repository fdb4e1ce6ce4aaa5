public import Grid
import Text

/// Everything a key can do. The raw value names it in key files.
public enum Command: String, Sendable, Hashable, CaseIterable {
  case next, previous, first, last, jumpForward = "jump-forward", jumpBack = "jump-back"
  case edit, inside, events, map, slab, stack
  case nextPane = "next-pane", previousPane = "previous-pane", zoom
  case up, down, pageUp = "page-up", pageDown = "page-down"
  case scaleUp = "scale-up", scaleDown = "scale-down", hex
  case sideView = "machine"
  case drivers
  case nextCopy = "next-copy", previousCopy = "previous-copy"
  case nextSlab = "next-slab", previousSlab = "previous-slab", compare
  case widen, narrow
  case dividerDown = "heighten", dividerUp = "lower"
  case undo, redo, save, copyScreen = "copy-screen"
  case command, help, lessons, quit
  case left, right, longer, shorter, rowUp = "row-up", rowDown = "row-down", direction, entry
  case entryBack = "entry-back", constant, era, eraBack = "era-back", wordLonger = "word-longer"
  case wordShorter = "word-shorter", accept, cancel
  case open
  case search, findNext = "find-next", findPrevious = "find-previous"
  case bookmark, nextBookmark = "next-bookmark"
  case play, faster, slower, predict, more
  case preset
  case palette, themes
  case exercise, hint
  case caches, kernel, sort, sortBack = "sort-back"
  case allocator, architecture, objectSize = "object-size", field
}

/// The modes keys are told apart by.
public enum KeyScope: String, Sendable, Hashable, CaseIterable {
  case browse
  case edit
  case inside
  case events
  case lessons
  case caches
  case kernel

  /// The heading in the help.
  public var title: String {
    switch self {
    case .browse: "Stepping and looking"
    case .edit: "Editing a copy"
    case .inside: "Inside a check"
    case .events: "Inside a step, event by event"
    case .lessons: "The list of lessons"
    case .caches: "The list of slab caches"
    case .kernel: "The list of a kernel's pages"
    }
  }
}

/// One row of the key table.
public struct Binding: Sendable, Hashable {
  /// What is done.
  public var command: Command
  /// The modes the keys hold in.
  public var scopes: [KeyScope]
  /// The keys, the one that hints name first.
  public var keys: [Key]
  /// What it does, a few words, for the help.
  public var help: String
  /// One word for the line of hints; nil keeps it out.
  public var hint: String?

  /// A row; `keys` are names parted by blanks, as in key files.
  public init(
    _ command: Command, _ scopes: [KeyScope], _ keys: String, _ help: String, hint: String? = nil
  ) {
    self.command = command
    self.scopes = scopes
    self.keys = (try? Key.sequence(parsing: keys)) ?? []
    self.help = help
    self.hint = hint
  }
}

/// A key and its word, as the line of hints shows them.
struct KeyHint: Sendable {
  let command: Command
  let spans: [Span]

  /// Nothing for a binding that is not hinted at, or has no key any more.
  init?(_ binding: Binding) {
    guard let hint = binding.hint, let key = binding.keys.first else { return nil }
    command = binding.command
    spans = [Span(key.symbol, .key, .bold), Span(" \(hint)", .dim)]
  }

  private init(_ command: Command, _ spans: [Span]) {
    (self.command, self.spans) = (command, spans)
  }

  /// A hint with a key and words.
  init(_ command: Command, key: String, _ words: String) {
    self.init(command, [Span(key, .key, .bold), Span(" \(words)", .dim)])
  }

  /// What keys do while the story plays by itself.
  static func playing(_ keymap: Keymap) -> [KeyHint] {
    func hint(_ command: Command, _ key: String, _ words: String) -> KeyHint {
      KeyHint(command, [Span(key, .key, .bold), Span(" \(words)", .dim)])
    }
    let paces = [(Command.faster, "faster"), (.slower, "slower")]
    return [hint(.play, "any key", "stops")]
      + paces.compactMap { command, words in
        keymap.symbol(command, in: .browse).map { hint(command, $0, words) }
      }
  }

  /// The hint in other words.
  func saying(_ words: String) -> KeyHint {
    KeyHint(command, Array(spans.prefix(1)) + [Span(" \(words)", .dim)])
  }

  /// The hint of a command that has nothing to do now.
  var faint: KeyHint { KeyHint(command, spans.map { Span($0.text, .disabled) }) }
}

/// The key table: keys, hints and help come from here and nowhere else.
public struct Keymap: Sendable {
  /// The table, in the order help shows it.
  public private(set) var bindings: [Binding]
  private var index: [KeyScope: [Key: Command]] = [:]
  /// The line of hints of each scope, in the order of the table.
  private(set) var hints: [KeyScope: [KeyHint]] = [:]
  private var symbols: [KeyScope: [Command: String]] = [:]

  /// A table of keys; of a key that stands twice in a scope the first row holds.
  public init(bindings: [Binding] = Keymap.standard) {
    self.bindings = bindings
    rebuild()
  }

  /// What a key does in a scope.
  public func command(_ key: Key, in scope: KeyScope) -> Command? { index[scope]?[key] }

  /// The first key of a command in a scope.
  func key(_ command: Command, in scope: KeyScope) -> Key? {
    bindings.first { $0.command == command && $0.scopes.contains(scope) }?.keys.first
  }

  /// The bindings of a scope, in the order of the table.
  public func bindings(in scope: KeyScope) -> [Binding] {
    bindings.filter { $0.scopes.contains(scope) }
  }

  /// The first key of a command in a scope, as hints write it.
  func symbol(_ command: Command, in scope: KeyScope) -> String? {
    symbols[scope]?[command]
  }

  /// A hint in words of its own at a command's key; nil for a command without one.
  func hint(_ command: Command, in scope: KeyScope, _ words: String) -> KeyHint? {
    symbol(command, in: scope).map { KeyHint(command, key: $0, words) }
  }

  /// Whether a command means something in a scope.
  public func has(_ command: Command, in scope: KeyScope) -> Bool {
    bindings.contains { $0.command == command && $0.scopes.contains(scope) }
  }

  /// Gives a command other keys. Commands of the same scopes that had them lose them.
  public mutating func remap(_ command: Command, to keys: [Key]) {
    let scopes = Set(bindings.lazy.filter { $0.command == command }.flatMap(\.scopes))
    for index in bindings.indices {
      if bindings[index].command == command {
        bindings[index].keys = keys
      } else if !scopes.isDisjoint(with: bindings[index].scopes) {
        bindings[index].keys.removeAll { keys.contains($0) }
      }
    }
    rebuild()
  }

  private mutating func rebuild() {
    (index, hints, symbols) = ([:], [:], [:])
    for binding in bindings {
      let hint = KeyHint(binding)
      let symbol = binding.keys.first?.symbol
      for scope in binding.scopes {
        if symbols[scope]?[binding.command] == nil {
          symbols[scope, default: [:]][binding.command] = symbol
        }
        if let hint { hints[scope, default: []].append(hint) }
        for key in binding.keys where index[scope]?[key] == nil {
          index[scope, default: [:]][key] = binding.command
        }
      }
    }
  }

  /// The table the program starts with.
  public static let standard: [Binding] = browsing + panes + editing + stepping + list + caches

  private static let anywhere: [KeyScope] = [
    .browse, .edit, .inside, .events, .lessons, .caches, .kernel,
  ]

  private static let browsing: [Binding] = [
    Binding(.next, [.browse, .inside, .events], "n Space Right l", "one step on", hint: "next"),
    Binding(
      .previous, [.browse, .inside, .events], "p Backspace Left h", "one step back", hint: "back"),
    Binding(.first, [.browse, .inside, .events], "g Home", "to the start"),
    Binding(.last, [.browse, .inside, .events], "G End", "to the end"),
    Binding(.play, [.browse], "R", "auto-play; any key stops it", hint: "play"),
    Binding(
      .predict, [.browse, .inside, .events], "P", "predict: say what a copy does before it is made"),
    Binding(
      .exercise, [.browse, .edit, .inside, .events], "X", "the next exercise of the lesson"),
    Binding(.cancel, [.browse], "Escape", "leave the exercise"),
    Binding(.faster, [.browse], ")", "play faster"),
    Binding(.slower, [.browse], "(", "play slower"),
    Binding(.bookmark, [.browse], "b", "bookmark the step, or take the bookmark away"),
    Binding(.nextBookmark, [.browse], "'", "to the next bookmark"),
    Binding(
      .search, [.browse, .lessons, .caches, .kernel], "/", "search in the pane, or the list"),
    Binding(.findNext, [.browse], "f", "to the next place found"),
    Binding(.findPrevious, [.browse], "F", "to the place found before"),
    Binding(.jumpForward, [.browse], "]", "to the next copy"),
    Binding(.jumpBack, [.browse], "[", "to the copy before"),
    Binding(.edit, [.browse, .inside], "e Enter", "edit the copy", hint: "edit copy"),
    Binding(.inside, [.browse, .events], "i", "step into the check", hint: "into check"),
    Binding(.events, [.browse], "I", "go through the step event by event", hint: "events"),
    Binding(
      .map, [.browse, .edit, .inside, .events], "m", "map of starts and lengths", hint: "map"),
    Binding(.slab, [.browse, .edit, .inside, .events], "s", "slab view"),
    Binding(.stack, [.browse, .edit, .inside, .events], "t", "stack view"),
  ]

  private static let panes: [Binding] = [
    Binding(
      .sideView, [.browse, .edit, .inside, .events], "r", "next view in the upper right pane"),
    Binding(.drivers, [.browse, .edit, .inside, .events], "V", "v1 of the driver beside mainline"),
    Binding(.nextPane, [.browse, .inside, .events], "Tab", "next pane", hint: "pane"),
    Binding(.previousPane, [.browse, .inside, .events], "S-Tab", "previous pane"),
    Binding(.zoom, [.browse, .edit, .inside, .events], "z", "zoom the pane"),
    Binding(.up, [.browse, .lessons, .caches, .kernel], "Up k", "scroll up"),
    Binding(.down, [.browse, .lessons, .caches, .kernel], "Down j", "scroll down"),
    Binding(.pageUp, [.browse, .lessons, .caches, .kernel], "PgUp C-u", "a page up"),
    Binding(.pageDown, [.browse, .lessons, .caches, .kernel], "PgDn C-d", "a page down"),
    Binding(.scaleUp, [.browse, .edit, .inside, .events], ">", "more bytes a cell"),
    Binding(.scaleDown, [.browse, .edit, .inside, .events], "<", "fewer bytes a cell"),
    Binding(.hex, [.browse, .edit, .inside, .events], "x", "hexadecimal and text"),
    Binding(.nextCopy, [.browse, .inside], ".", "next copy of the call"),
    Binding(.previousCopy, [.browse, .inside], ",", "copy of the call before"),
    Binding(.nextSlab, [.browse], "}", "next slab or task"),
    Binding(.previousSlab, [.browse], "{", "previous slab or task"),
    Binding(.compare, [.browse, .edit], "v", "compare the map with another era"),
    Binding(.widen, [.browse, .inside], "C-Right A-l", "divider to the right"),
    Binding(.narrow, [.browse, .inside], "C-Left A-h", "divider to the left"),
    Binding(.dividerDown, [.browse, .inside], "C-Down A-j", "divider down"),
    Binding(.dividerUp, [.browse, .inside], "C-Up A-k", "divider up"),
    Binding(.undo, [.browse], "u", "undo what was done by hand"),
    Binding(.redo, [.browse], "C-r", "redo it"),
    Binding(.save, [.browse], "w", "write as a scenario file"),
    Binding(.copyScreen, [.browse, .edit, .inside, .events], "y", "screen to the clipboard"),
    Binding(.command, [.browse], ":", "command line", hint: "command"),
    Binding(
      .preset, [.browse, .inside, .events], "W", "panes wide, tall, or one as large as a wall"),
    Binding(.palette, Self.anywhere, "C-p", "choose any command by name"),
    Binding(.themes, Self.anywhere, "T", "choose a theme"),
    Binding(.lessons, [.browse, .inside, .events, .caches, .kernel], "L", "list of lessons"),
    Binding(
      .caches, [.browse, .lessons, .caches, .kernel], "C", "list of this machine's slab caches"),
    Binding(.kernel, [.browse, .lessons, .caches], "K", "list of the real kernel's pages"),
    Binding(.help, Self.anywhere, "? F1", "this help", hint: "help"),
    Binding(.quit, [.browse, .lessons, .caches, .kernel], "q C-c", "quit", hint: "quit"),
  ]

  private static let editing: [Binding] = [
    Binding(.left, [.edit], "Left h", "start one byte earlier", hint: "start"),
    Binding(.right, [.edit], "Right l", "start one byte later"),
    Binding(.rowUp, [.edit], "Up k", "start a row up: a slot or stack word"),
    Binding(.rowDown, [.edit], "Down j", "start a row down"),
    Binding(.longer, [.edit], "+ = S-Right", "one byte longer", hint: "length"),
    Binding(.shorter, [.edit], "- _ S-Left", "one byte shorter"),
    Binding(.wordLonger, [.edit], "S-Down PgDn", "16 bytes longer"),
    Binding(.wordShorter, [.edit], "S-Up PgUp", "16 bytes shorter"),
    Binding(.direction, [.edit], "d", "flip the direction", hint: "direction"),
    Binding(.entry, [.edit], "o", "next entry point", hint: "entry"),
    Binding(.entryBack, [.edit], "O", "entry point before"),
    Binding(.field, [.edit], "Tab", "digits 0-9 give the start, or the length"),
    Binding(.constant, [.edit], "c", "toggle constant size"),
    Binding(.objectSize, [.edit], "C", "object size known to the compiler or not"),
    Binding(.allocator, [.edit], "b", "next slab allocator"),
    Binding(.architecture, [.edit], "w", "next architecture and word size"),
    Binding(.era, [.edit, .browse], "a", "judge by the next era", hint: "era"),
    Binding(.eraBack, [.edit, .browse], "A", "judge by the era before"),
    Binding(.accept, [.edit], "Enter", "make the copy", hint: "make it"),
    Binding(.cancel, [.edit], "Escape e q C-c", "cancel: the copy stays as it was", hint: "leave"),
    Binding(.hint, [.edit, .browse], "H", "a hint for the exercise, then its solution"),
    Binding(.more, [.edit], "Space", "the next page of the story", hint: "more"),
  ]

  private static let stepping: [Binding] = [
    Binding(.up, [.inside], "Up k", "one line back"),
    Binding(.down, [.inside], "Down j", "one line on"),
    Binding(.cancel, [.inside], "Escape i q C-c", "out of the check", hint: "out"),
    Binding(.up, [.events], "Up k", "one event back"),
    Binding(.down, [.events], "Down j", "one event on"),
    Binding(.cancel, [.events], "Escape I q C-c", "out of the step", hint: "out"),
  ]

  private static let list: [Binding] = [
    Binding(.open, [.lessons], "Enter Right l n", "open the lesson", hint: "open"),
    Binding(.first, [.lessons], "g Home", "first lesson"),
    Binding(.last, [.lessons], "G End", "last lesson"),
    Binding(.cancel, [.lessons], "Escape Left h", "back to the lesson"),
  ]

  private static let caches: [Binding] = [
    Binding(.open, [.caches], "Enter Right l n", "open a page of the cache", hint: "open a page"),
    Binding(.sort, [.caches, .kernel], "s", "sort by the next column", hint: "sort"),
    Binding(.sortBack, [.caches, .kernel], "S", "sort by the column before"),
    Binding(
      .open, [.kernel], "Enter Right l n", "open the page or the stack", hint: "open"),
    Binding(.first, [.kernel], "g Home", "first page"),
    Binding(.last, [.kernel], "G End", "last page"),
    Binding(.cancel, [.kernel], "Escape Left h", "back to where you were", hint: "back"),
    Binding(.first, [.caches], "g Home", "first cache"),
    Binding(.last, [.caches], "G End", "last cache"),
    Binding(.cancel, [.caches], "Escape Left h", "back to where you were", hint: "back"),
  ]
}
