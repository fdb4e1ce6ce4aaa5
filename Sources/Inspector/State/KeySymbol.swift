import Grid

extension Key {
  /// The key as the line of hints writes it.
  var symbol: String {
    let arrow: String? =
      switch code {
      case .left: "←"
      case .right: "→"
      case .up: "↑"
      case .down: "↓"
      default: nil
      }
    guard let arrow else { return description }
    let held = [(Modifiers.control, "C-"), (.alt, "A-"), (.shift, "S-")]
    return held.filter { modifiers.contains($0.0) }.map(\.1).joined() + arrow
  }
}
