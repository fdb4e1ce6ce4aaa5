import Grid

extension Model {
  /// A key while a search text is typed; the pane follows each key.
  mutating func search(_ key: Key, back: ReturnMode) -> [Effect] {
    switch key.code {
    case _ where key.closes:
      search = SearchState()
      memory.selected = nil
      mode = back.mode
      return []
    case .enter:
      mode = back.mode
      if !back.isList { goToFound() }
      return []
    case .backspace where search.text.isEmpty:
      mode = back.mode
      return []
    case .backspace: search.text = String(search.text.dropLast())
    case .character("u") where key.modifiers == .control: search.text = ""
    case .up where back.isList: return perform(.up, in: back.mode)
    case .down where back.isList: return perform(.down, in: back.mode)
    default:
      guard let scalar = key.typed, search.text.utf8.count < 80 else { return [] }
      search.text.unicodeScalars.append(scalar)
    }
    search.index = 0
    switch back {
    case .lessons: lessonList.selectFirst(search.text)
    case .caches: caches?.selectFirst(search.text)
    case .kernel: pieces?.selectFirst(search.text)
    case .browse, .inside, .events, .edit: goToFound()
    }
    return []
  }
}
