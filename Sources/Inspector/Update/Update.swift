import Grid
import KernelLog
import Simulation

extension Model {
  /// Takes one message; returns what is to be done outside.
  public mutating func update(_ message: Message) -> [Effect] {
    defer { drivers = DriverTable.current(drivers, sideView, session) }
    switch message {
    case .key(let key): return press(key)
    case .mouse(let mouse): return point(mouse)
    case .resize(let width, let height):
      self.width = max(1, width)
      self.height = max(1, height)
      return []
    case .opened(let script):
      open(script)
      return []
    case .lines(let lines, let file): return LineFile.execute(lines, of: file, &self)
    case .caches(let listing):
      caches = CacheList(listing, like: caches)
      if case .caches = mode {
        tell("the caches were read again")
      } else {
        (search, mode) = (SearchState(), .caches)
      }
      return []
    case .pieces(let snapshot, let source):
      pieces = PieceList(snapshot, source: source)
      (search, mode) = (SearchState(), .kernel)
      return []
    case .told(let text, let isError):
      self.message = StatusMessage(text, isError ? .error : .accent)
      return []
    case .tick:
      guard wakeAfter != nil else { return [] }
      let turn = story.tick(keymap)
      if turn.hasArrived { self.message = nil }
      return take(turn)
    }
  }

  /// Milliseconds after which a `.tick` is wanted; nil while nothing moves by itself.
  public var wakeAfter: Int? {
    guard case .browse = mode, session != nil else { return nil }
    return story.playing.map { $0.milliseconds(reading: session?.step?.say ?? "") }
  }

  private mutating func press(_ key: Key) -> [Effect] {
    message = nil
    let wasPlaying = story.playing != nil
    defer { if wasPlaying, !keymap.keepsPlaying(key) { story.playing = nil } }
    switch mode {
    case .help(var state):
      let outcome = state.take(key, keymap, page: height / 2)
      return follow(outcome, .help(state), state.back)
    case .palette(var state):
      let outcome = state.take(key, keymap, page: height / 2)
      return follow(outcome, .palette(state), state.back)
    case .command(let state): return type(key, state)
    case .search(let back): return search(key, back: back)
    case .themes(let state): return chooseTheme(key, state)
    case .predict(let state): return predict(key, state)
    case .edit(var edit):
      if let isJudged = edit.typeNumber(key) {
        if isJudged { show(edit) }
        return []
      }
    case .lessons, .caches, .kernel, .browse, .inside, .events: break
    }
    if let command = keymap.command(key, in: mode.scope) { return perform(command, in: mode) }
    if case .lessons = mode { return [] }
    let words = "\(key.description) does nothing here"
    message = StatusMessage(
      mode.scope == .browse
        ? keymap.telling(words, [.help: "shows the keys"], in: mode.scope)
        : keymap.telling(words, [.cancel: "leaves", .help: "shows the keys"], in: mode.scope), .dim)
    return []
  }

  /// Does a command in a mode.
  mutating func perform(_ command: Command, in mode: Mode) -> [Effect] {
    switch mode {
    case .lessons: return list(command)
    case .caches: return listCaches(command)
    case .kernel: return listPieces(command)
    case .browse: return browse(command)
    case .edit(let edit): return self.edit(command, edit)
    case .inside(let line): return inside(command, line)
    case .events(let step): return step.perform(command, &self)
    default: return []
    }
  }
}

extension Keymap {
  /// Whether a key leaves the play going on.
  fileprivate func keepsPlaying(_ key: Key) -> Bool {
    switch command(key, in: .browse) {
    case .faster, .slower, .play, .map, .slab, .stack, .zoom, .nextPane, .previousPane: true
    default: false
    }
  }
}
