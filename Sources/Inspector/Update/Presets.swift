import Grid

/// Arrangements of the panes on a key.
extension PaneLayout {
  /// Takes the next arrangement; what is said of it.
  mutating func changePreset(_ keymap: Keymap, in scope: KeyScope) -> StatusMessage {
    let next = PanePreset.allCases.element(1, behind: preset) ?? .wide
    use(next)
    let words =
      switch next {
      case .wide: "panes in two columns"
      case .tall: "panes one below the other"
      case .wall: "one pane and the verdict, for the back row"
      }
    let keys: KeyValuePairs<Command, String> =
      next == .wall
      ? [.nextPane: "another pane", .preset: "other panes"] : [.preset: "other panes"]
    return StatusMessage(keymap.telling(words, keys, in: scope))
  }
}
