import Grid
import KernelLog
public import Simulation

extension Model {
  /// Takes one message; returns what is to be done outside.
  public mutating func update(_ message: Message) -> [Effect] {
    defer { compareDrivers() }
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
    case .caches(let listing):
      show(listing)
      return []
    case .told(let text, let isError):
      self.message = StatusMessage(text, isError ? .error : .accent)
      return []
    case .tick: return tick()
    }
  }

  private mutating func press(_ key: Key) -> [Effect] {
    message = nil
    let wasPlaying = playing != nil
    defer { if wasPlaying, !Self.keepsPlaying(key, keymap) { playing = nil } }
    switch mode {
    case .lessons:
      return keymap.command(key, in: .lessons).map { list($0) } ?? []
    case .caches:
      return keymap.command(key, in: .caches).map { listCaches($0) } ?? unbound(key)
    case .browse:
      return keymap.command(key, in: .browse).map { browse($0) } ?? unbound(key)
    case .edit(let edit):
      if let effects = typeNumber(key, edit) { return effects }
      return keymap.command(key, in: .edit).map { self.edit($0, edit) } ?? unbound(key)
    case .inside(let line):
      return keymap.command(key, in: .inside).map { inside($0, line) } ?? unbound(key)
    case .help(let help): return self.help(key, help)
    case .command(let state): return type(key, state)
    case .search(let back): return search(key, back: back)
    case .palette(let state): return choose(key, state)
    case .themes(let state): return chooseTheme(key, state)
    case .predict(let state): return predict(key, state)
    }
  }

  /// Keys that do not stop the play.
  private static func keepsPlaying(_ key: Key, _ keymap: Keymap) -> Bool {
    switch keymap.command(key, in: .browse) {
    case .faster, .slower, .play, .map, .slab, .stack, .zoom, .nextPane, .previousPane: true
    default: false
    }
  }

  private mutating func unbound(_ key: Key) -> [Effect] {
    message = StatusMessage(
      keymap.telling(
        "\(key.description) does nothing here", [.help: "shows the keys"], in: mode.scope), .dim)
    return []
  }

  /// Opens a scenario at its start.
  public mutating func open(_ script: Script) {
    do throws(ActionError) {
      let before = session.flatMap { $0.handmade > 0 ? $0 : nil }
      session = try Session(script)
      mode = .browse
      memory = MemoryState()
      scrolls = [:]
      // What was done by hand in another scenario can be gone back to, and from there further.
      (undone, undoable) = ([], before.map { undoable + [$0] } ?? [])
      if let before {
        message = StatusMessage(
          keymap.telling(
            "what was done by hand in '\(before.script.title)' is kept",
            [.undo: "goes back to it"]))
      }
      search = SearchState()
      playing = nil
      (lastExercise, solved) = (nil, [])
    } catch {
      message = StatusMessage("the scenario cannot start", .error)
    }
  }
}
