import Grid
import Text

/// The lowest row below a list: a message, or the keys from the key table.
struct ListFooter {
  let model: Model
  let scope: KeyScope

  func draw(into grid: inout Grid) {
    let y = model.height - 1
    if let message = model.message {
      // A long one takes the rows above.
      let lines = wrap(message.text, width: max(1, model.width - 2))
      for (row, line) in lines.enumerated() where y - lines.count + 1 + row >= 0 {
        let text = Fitting.padded(" " + line, model.width)
        grid.put(text, x: 0, y: y - lines.count + 1 + row, role: message.role, width: model.width)
      }
      return
    }
    let hints: [([Command], String)] = [
      ([.up, .down], "choose"), ([.open], "open"), ([.search], "search"), ([.sort], "sort"),
      ([.help], "help"), ([.quit], "quit"),
    ]
    let parts = hints.compactMap { commands, word -> [Span]? in
      let keys = commands.compactMap { model.keymap.symbol($0, in: scope) }
      guard !keys.isEmpty else { return nil }
      return [Span(keys.joined(), .key, .bold), Span(" \(word)", .dim)]
    }
    grid.put(Fitting.line(parts, width: model.width - 1), x: 1, y: y)
  }
}
