import Grid
import Text

/// The lowest row while something is typed: the `:` line or a search.
struct PromptLine {
  private let sign: String
  private let before: String
  private let after: String
  /// What is offered at the right.
  private let hint: String
  private let state: CommandState?

  /// Nil when nothing is typed.
  init?(_ model: Model) {
    switch model.mode {
    case .command(let state):
      (sign, before, after) = (":", state.before, state.after)
      hint = Self.hint(state)
      self.state = state
    case .search:
      (sign, before, after) = ("/", model.search.text, "")
      hint = "Enter keeps · Esc ends"
      state = nil
    default: return nil
    }
  }

  private static func hint(_ state: CommandState) -> String {
    guard let offer = state.offer else {
      let word = state.before.split(separator: " ").first.map(String.init) ?? ""
      if word == Story.answerWord { return "Enter hands it in · Esc leaves the line" }
      guard !word.isEmpty else { return "Tab completes · ↑ earlier lines · Esc leaves" }
      return CommandLine.forms.first { $0.split(separator: " ").first.map(String.init) == word }
        ?? ""
    }
    return "\(offer + 1)/\(state.offers.count)"
  }

  /// The offers behind the one that was taken, as many as fit, and a mark for more.
  private static func rest(_ state: CommandState, width: Int) -> String {
    guard let offer = state.offer else { return "" }
    let rest = state.offers[offer...].dropFirst()
    var shown = ""
    for (index, word) in rest.enumerated() {
      let more = index + 1 < rest.count ? " …" : ""
      guard TextWidth.of("\(shown) \(word)\(more)") <= width else { return shown + " …" }
      shown += " \(word)"
    }
    return shown
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
    let free = grid.width - used - 4 - TextWidth.of(hint)
    let hint = hint + (state.map { Self.rest($0, width: free) } ?? "")
    let width = TextWidth.of(hint)
    if width > 0, used + 2 + width < grid.width {
      grid.put(hint, x: grid.width - width - 1, y: y, role: .dim)
    }
    return Position(x: min(cursor, grid.width - 1), y: y)
  }
}
