import Grid
import Narration
import Text

/// What lies over the panes: help, palette, themes, a question.
struct Overlays {
  let model: Model

  /// Draws the overlay of the mode, if it has one.
  func draw(into grid: inout Grid) {
    switch model.mode {
    case .help(let state): drawHelp(state, &grid)
    case .palette(let state): drawPalette(state, &grid)
    case .themes(let state): drawThemes(state, &grid)
    case .predict(let state): drawQuestion(state, &grid)
    default: break
    }
  }

  /// Below the header, over the check and the eras: the memory stays in sight.
  private func drawQuestion(_ state: PredictState, _ grid: inout Grid) {
    let width = min(grid.width - 2, 76)
    let height = min(grid.height - 2, state.choices.count + 4)
    let rows =
      [[Span(state.copy, .code, .bold)], []]
      + state.choices.enumerated().map { index, guess in
        [Span("\(index + 1) ", .key, .bold), Span(guess.words, .text)]
      }
    ListOverlay(
      title: state.title, footer: "number or Enter: answer · Esc: skip", rows: rows,
      selected: state.cursor + 2
    ).draw(
      in: Rect(
        x: (grid.width - width) / 2, y: max(1, grid.height - height - 3), width: width,
        height: height), into: &grid)
  }

  /// At the right, so that the theme is seen on the rest.
  private func drawThemes(_ state: ThemeState, _ grid: inout Grid) {
    let width = min(grid.width, 34)
    let rect = Rect(
      x: grid.width - width, y: 1, width: width,
      height: min(grid.height - 2, model.themes.names.count + 2))
    ListOverlay(
      title: "Theme", footer: "Enter keeps · Esc as before",
      rows: model.themes.names.map { [Span($0, .text)] }, selected: state.cursor
    ).draw(in: rect, into: &grid)
  }

  private func drawPalette(_ state: PaletteState, _ grid: inout Grid) {
    let choices = state.choices(model.keymap)
    let rows = choices.map { choice -> [Span] in
      let binding = choice.binding
      let scope = choice.scope == state.back.scope ? "" : "copy: "
      let keys = binding.keys.first.map(\.symbol) ?? ""
      return [
        Span(Fitting.padded(binding.command.rawValue, 17), .code),
        Span(Fitting.padded(keys, 9), .key, .bold), Span(scope, .dim), Span(binding.help, .text),
      ]
    }
    let width = min(grid.width - 2, 76)
    let height = min(grid.height - 2, max(8, min(rows.count + 2, grid.height * 2 / 3)))
    let none = [[Span("no command is like '\(state.text)'", .dim)]]
    ListOverlay(
      title: "Command: \(state.text)▏",
      end: rows.count == 1 ? "1 command" : "\(rows.count) commands",
      footer: "Enter does it · Esc closes", rows: rows.isEmpty ? none : rows,
      selected: rows.isEmpty ? nil : state.cursor
    ).draw(
      in: Rect(x: (grid.width - width) / 2, y: 1, width: width, height: height), into: &grid)
  }

  /// The keys, read from the key table.
  private func drawHelp(_ state: HelpState, _ grid: inout Grid) {
    let (rows, selected) = helpRows(state)
    let width = min(grid.width - 4, 76)
    ListOverlay(
      title: "Keys",
      end: state.filter.isEmpty ? "type to search keys and words" : "search: \(state.filter)",
      footer: "Enter does it · Esc closes", rows: rows, selected: selected
    ).draw(
      in: Rect(x: (grid.width - width) / 2, y: 1, width: width, height: grid.height - 2),
      into: &grid)
  }

  /// Rows that can be selected before the words.
  private func first(_ state: HelpState) -> Int {
    state.choices(model.keymap).count + state.forms.count
  }

  /// The words on the screen, or those searched for, with what they mean.
  private func explain(
    _ state: HelpState, before first: Int, _ rows: inout [[Span]], _ selected: inout Int?
  ) {
    let words = state.words
    guard !words.isEmpty else { return }
    let heading = state.filter.isEmpty ? "Words on this screen" : "Words"
    rows += (rows.isEmpty ? [] : [[]]) + [[Span(heading, .heading, .bold)]]
    let width = max(20, min(model.width - 4, 76) - 4)
    for (index, entry) in words.enumerated() {
      let spans = [
        Span(entry.terms.joined(separator: ", "), .code, .bold), Span(": " + entry.plain),
      ]
      let lines = Fitting.wrapped(spans, width: width, indent: 2)
      // The last line of an entry is brought into sight with it.
      if first + index == state.cursor { selected = rows.count + lines.count - 1 }
      rows += lines.map { [Span(" ")] + $0 }
    }
  }

  private func helpRows(_ state: HelpState) -> (rows: [[Span]], selected: Int?) {
    var rows: [[Span]] = []
    var selected: Int?
    var scope: KeyScope?
    for (index, choice) in state.choices(model.keymap).enumerated() {
      if choice.scope != scope {
        if scope != nil { rows.append([]) }
        rows.append([Span(choice.scope.title, .heading, .bold)])
        scope = choice.scope
      }
      if index == state.cursor { selected = rows.count }
      let keys = choice.binding.keys.map(\.symbol).joined(separator: " ")
      rows.append([
        Span(" " + Fitting.padded(keys, max(19, TextWidth.of(keys) + 1)), .key, .bold),
        Span(choice.binding.help, .text),
      ])
    }
    let forms = state.forms
    if !forms.isEmpty {
      rows += [[], [Span("On the : line, where Tab completes", .heading, .bold)]]
      let first = state.choices(model.keymap).count
      for (index, form) in forms.enumerated() {
        if first + index == state.cursor { selected = rows.count }
        rows.append([Span(" " + form, .code)])
      }
    }
    explain(state, before: first(state), &rows, &selected)
    if rows.isEmpty { rows = [[Span("nothing matches '\(state.filter)'", .dim)]] }
    return (rows, selected)
  }
}
