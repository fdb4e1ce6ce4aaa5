import Grid
public import KernelLog
import Narration
import Simulation

/// The lists that fill the screen: lessons and slab caches.
extension Model {
  mutating func list(_ command: Command) -> [Effect] {
    if let row = moved(lessonList.cursor, among: lessonList.found(search.text), by: command) {
      lessonList.cursor = row
      return []
    }
    switch command {
    case .search: startSearching(.lessons)
    case .caches: return [.readCaches]
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

  /// Where a command moves the cursor among the rows found; nil when it does not move it.
  private func moved(_ cursor: Int, among found: [Int], by command: Command) -> Int? {
    let now = found.firstIndex(of: cursor) ?? 0
    let page = max(1, height / 3)
    let row: Int
    switch command {
    case .up: row = now - 1
    case .down: row = now + 1
    case .pageUp: row = now - page
    case .pageDown: row = now + page
    case .first: row = 0
    case .last: row = found.count - 1
    default: return nil
    }
    return found.isEmpty ? cursor : found[min(max(0, row), found.count - 1)]
  }

  /// Ends the search; without one goes back to the scenario, if one is open.
  private mutating func leaveList() {
    if !search.text.isEmpty {
      search = SearchState()
    } else {
      mode = session == nil ? .lessons : .browse
    }
  }

  /// Selects the first row found while a text is typed.
  mutating func selectFound(_ back: ReturnMode) {
    switch back {
    case .lessons:
      lessonList.cursor = lessonList.found(search.text).first ?? lessonList.cursor
    case .caches: selectFoundCache()
    default: goToFound()
    }
  }

  // MARK: Slab caches

  /// The caches were read, perhaps again.
  mutating func show(_ listing: CacheListing) {
    caches = CacheList(listing, like: caches)
    if case .caches = mode { return tell("the caches were read again") }
    search = SearchState()
    mode = .caches
  }

  /// Sorts the list of caches and leaves those with a text in their name.
  public mutating func find(_ text: String, sortedBy order: CacheOrder) {
    caches?.sort(by: order)
    search.text = text
    selectFoundCache()
  }

  private mutating func selectFoundCache() {
    let first = caches?.found(search.text).first ?? 0
    caches?.cursor = first
  }

  mutating func listCaches(_ command: Command) -> [Effect] {
    guard let list = caches else { return shared(command) }
    if let row = moved(list.cursor, among: list.found(search.text), by: command) {
      caches?.cursor = row
      return []
    }
    switch command {
    case .search: startSearching(.caches)
    case .caches: return [.readCaches]
    case .lessons: showLessons()
    case .sort: sortCaches(by: 1)
    case .sortBack: sortCaches(by: -1)
    case .open: if list.found(search.text).contains(list.cursor) { openPage() }
    case .cancel: leaveList()
    default: return shared(command)
    }
    return []
  }

  private mutating func sortCaches(by step: Int) {
    guard let order = caches?.order, let now = CacheOrder.allCases.firstIndex(of: order) else {
      return
    }
    let count = CacheOrder.allCases.count
    caches?.sort(by: CacheOrder.allCases[((now + step) % count + count) % count])
  }

  /// A page of the selected cache, on the copy that its window refuses.
  private mutating func openPage() {
    guard let list = caches, let cache = list.selected else { return }
    guard let script = CacheScene.script(cache, release: list.listing.release) else {
      message = StatusMessage(CacheScene.noPage(cache), .error)
      return
    }
    open(script)
    move { $0.seek($0.count) }
  }
}
