import Grid
import KernelLog
import Narration
import Simulation

/// The lists that fill the screen: lessons and slab caches.
extension Model {
  mutating func list(_ command: Command) -> [Effect] {
    if let row = command.moved(
      lessonList.cursor, among: lessonList.found(search.text), page: height / 3)
    {
      lessonList.cursor = row
      return []
    }
    switch command {
    case .search: startSearching(.lessons)
    case .caches: return [.readCaches]
    case .kernel: return listPieces(command)
    case .open:
      guard let lesson = lessonList.selected,
        lessonList.found(search.text).contains(lessonList.cursor)
      else { return [] }
      return [.openLesson(lesson.id)]
    case .cancel: leaveList()
    default: return shared(command)
    }
    return []
  }

  mutating func showLessons() {
    search = SearchState()
    lessonList.cursor =
      lessonList.items.firstIndex { $0.id == session?.script.id } ?? lessonList.cursor
    mode = .lessons
  }

  /// Ends the search; without one goes back to the scenario, if one is open.
  mutating func leaveList() {
    if !search.text.isEmpty {
      search = SearchState()
    } else {
      mode = session == nil ? .lessons : .browse
    }
  }

  // MARK: Slab caches

  mutating func listCaches(_ command: Command) -> [Effect] {
    guard let list = caches else { return shared(command) }
    if let row = command.moved(list.cursor, among: list.found(search.text), page: height / 3) {
      caches?.cursor = row
      return []
    }
    switch command {
    case .search: startSearching(.caches)
    case .caches: return [.readCaches]
    case .kernel: return listPieces(command)
    case .lessons: showLessons()
    case .sort: caches?.sort(by: 1)
    case .sortBack: caches?.sort(by: -1)
    case .open:
      guard list.found(search.text).contains(list.cursor), let cache = list.selected else {
        return []
      }
      // A page of the selected cache, on the copy that its window refuses.
      guard let script = CacheScene.script(cache, release: list.listing.release) else {
        message = StatusMessage(CacheScene.noPage(cache), .error)
        return []
      }
      open(script)
      return take(story.stand(at: script.steps.count))
    case .cancel: leaveList()
    default: return shared(command)
    }
    return []
  }
}

extension Command {
  /// Where the command moves the cursor among the rows found; nil when it does not move it.
  func moved(_ cursor: Int, among found: [Int], page: Int) -> Int? {
    let now = found.firstIndex(of: cursor) ?? 0
    let row: Int
    switch self {
    case .up: row = now - 1
    case .down: row = now + 1
    case .pageUp: row = now - max(1, page)
    case .pageDown: row = now + max(1, page)
    case .first: row = 0
    case .last: row = found.count - 1
    default: return nil
    }
    return found.isEmpty ? cursor : found[min(max(0, row), found.count - 1)]
  }
}
