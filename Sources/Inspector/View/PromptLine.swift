import Grid

/// The lowest row while something is typed: the `:` line or a search.
struct PromptLine {
  private let sign: String
  private let before: String
  private let after: String
  /// What is offered at the right.
  private let hint: String

  /// Nil when nothing is typed.
  init?(_ model: Model) {
    switch model.mode {
    case .command(let state):
      (sign, before, after) = (":", state.before, state.after)
      hint = Self.hint(state)
    case .search:
      (sign, before, after) = ("/", model.search.text, "")
      hint = "Enter keeps · Esc ends"
    default: return nil
    }
  }

  private static func hint(_ state: CommandState) -> String {
    guard let offer = state.offer else {
      let word = state.before.split(separator: " ").first.map(String.init) ?? ""
      guard !word.isEmpty else { return "Tab completes · ↑ earlier lines · Esc leaves" }
      return CommandLine.forms.first { $0.split(separator: " ").first.map(String.init) == word }
        ?? ""
    }
    let rest = state.offers[offer...].dropFirst().prefix(5).joined(separator: " ")
    return "\(offer + 1)/\(state.offers.count) \(rest)"
  }

  /// Draws the row; returns where the text cursor stands.
  func draw(into grid: inout Grid) -> Position {
    let y = grid.height - 1
    grid.clear(Rect(x: 0, y: y, width: grid.width, height: 1))
    let room = max(1, grid.width - 2)
    // Long lines show the part before the cursor.
    var shown = before
    while TextWidth.of(shown) > room, !shown.isEmpty { shown.removeFirst() }
    let column = grid.put(sign, x: 0, y: y, role: .key, attributes: .bold)
    let cursor = column + grid.put(shown, x: column, y: y, role: .text)
    let used = cursor + grid.put(after, x: cursor, y: y, role: .text)
    let width = TextWidth.of(hint)
    if width > 0, used + 2 + width < grid.width {
      grid.put(hint, x: grid.width - width - 1, y: y, role: .dim)
    }
    return Position(x: min(cursor, grid.width - 1), y: y)
  }
}
