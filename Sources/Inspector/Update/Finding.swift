import Grid

/// Places that hold a text, and scrolling to them.
extension Model {
  mutating func startSearching(_ back: ReturnMode) {
    search = SearchState()
    mode = .search(back: back)
  }

  /// To the next place found, or the one before.
  mutating func findAgain(by step: Int) {
    guard !search.text.isEmpty else {
      return tell(keymap.says(.search, "searches first") ?? "nothing was searched for")
    }
    let count = FoundPlace.all(in: self).count
    if count > 0 { search.index = ((search.index + step) % count + count) % count }
    goToFound()
  }

  mutating func goToFound() {
    guard !search.text.isEmpty else { return }
    let places = FoundPlace.all(in: self)
    guard places.indices.contains(search.index) else {
      memory.selected = nil
      message = StatusMessage("'\(search.text)' is not in this pane", .warning)
      return
    }
    switch places[search.index] {
    case .object(let slot):
      memory.select(slot)
      scrolls[.memory] = nil
    case .row(let row):
      if let pane = PlacedPanes(self)?.focus, let rows = pane.rows(in: self) {
        scrolls[pane] = rows.scroll(toRow: row)
      }
    }
    message = StatusMessage(
      keymap.telling(
        "\(search.index + 1) of \(places.count) with '\(search.text)'",
        [.findNext: "the next", .findPrevious: "the one before"]))
  }

  /// Scrolls the focused pane, and no further than there is something to see.
  mutating func scroll(by lines: Int) {
    guard let pane = PlacedPanes(self)?.focus, let rows = pane.rows(in: self) else { return }
    scrolls[pane] = rows.scroll(by: lines)
  }
}
