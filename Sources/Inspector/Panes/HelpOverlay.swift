import Grid

/// The keys, read from the key table; typing filters them.
struct HelpOverlay {
  let state: HelpState
  let model: Model

  func draw(into grid: inout Grid) {
    let width = min(grid.width - 4, 72)
    let height = grid.height - 2
    let rect = Rect(x: (grid.width - width) / 2, y: 1, width: width, height: height)
    grid.clear(rect)
    let lines = self.lines
    let rows = max(1, rect.height - 2)
    let scroll = min(state.scroll, max(0, lines.count - rows))
    let left = max(0, lines.count - scroll - rows)
    grid.box(
      rect, role: .borderFocus,
      title: [Span("Keys", .title, .bold)],
      end: [Span(state.filter.isEmpty ? "type to search" : "search: \(state.filter)", .accent)],
      footer: [Span(left > 0 ? "↓ \(left) more · Esc closes" : "Esc closes", .dim)])
    grid.clipped(to: rect.inset()) { grid in
      for row in 0..<rows where lines.indices.contains(scroll + row) {
        grid.put(lines[scroll + row], x: rect.x + 2, y: rect.y + 1 + row, width: width - 4)
      }
    }
  }

  private var lines: [[Span]] {
    var lines: [[Span]] = []
    for scope in KeyScope.allCases {
      let rows = model.keymap.bindings(in: scope).filter(matches)
      guard !rows.isEmpty else { continue }
      if !lines.isEmpty { lines.append([]) }
      lines.append([Span(scope.title, .heading, .bold)])
      for binding in rows {
        let keys = binding.keys.map(\.symbol).joined(separator: " ")
        let pad = String(repeating: " ", count: max(1, 18 - TextWidth.of(keys)))
        lines.append([Span("  \(keys)\(pad)", .key, .bold), Span(binding.help, .text)])
      }
    }
    if state.filter.isEmpty {
      lines.append([])
      lines.append([Span("On the : line", .heading, .bold)])
      for form in CommandLine.forms { lines.append([Span("  " + form, .code)]) }
    }
    return lines.isEmpty ? [[Span("nothing matches '\(state.filter)'", .dim)]] : lines
  }

  private func matches(_ binding: Binding) -> Bool {
    let wanted = state.filter.lowercased()
    return wanted.isEmpty || binding.help.lowercased().contains(wanted)
      || binding.keys.contains { $0.description.lowercased() == wanted }
  }
}
