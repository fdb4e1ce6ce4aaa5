import Grid

/// Arrangements of the panes on a key.
extension Model {
  /// The next arrangement.
  mutating func changePreset() -> [Effect] {
    let next = PanePreset.allCases.element(1, behind: layout.preset) ?? .wide
    layout.use(next)
    let words =
      switch next {
      case .wide: "panes in two columns"
      case .tall: "panes one below the other"
      case .wall: "one pane and the verdict, for the back row"
      }
    let keys: KeyValuePairs<Command, String> =
      next == .wall
      ? [.nextPane: "another pane", .preset: "other panes"] : [.preset: "other panes"]
    message = StatusMessage(keymap.telling(words, keys, in: mode.scope))
    return []
  }
}
