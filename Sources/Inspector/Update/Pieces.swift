import Grid
import KernelPages
public import Narration
import Simulation

/// The list of a real kernel's pages and stacks.
extension Model {
  mutating func show(_ snapshot: KernelSnapshot, _ source: String) {
    pieces = PieceList(snapshot, source: source)
    search = SearchState()
    mode = .kernel
  }

  /// Shows the list again, or says that there is none.
  mutating func showPieces() {
    guard pieces != nil else {
      message = StatusMessage(
        "no file with pages of a real kernel is open; 'copyscope kernel FILE --open' opens one",
        .dim)
      return
    }
    search = SearchState()
    mode = .kernel
  }

  /// Sorts the list and leaves what has a text.
  public mutating func findPieces(_ text: String, sortedBy order: SnapshotOrder) {
    pieces?.sort(by: order)
    search.text = text
    pieces?.selectFirst(text)
  }

  mutating func listPieces(_ command: Command) -> [Effect] {
    guard let list = pieces else { return shared(command) }
    if let row = command.moved(list.cursor, among: list.found(search.text), page: height / 3) {
      pieces?.cursor = row
      return []
    }
    switch command {
    case .search: startSearching(.kernel)
    case .caches: return [.readCaches]
    case .lessons: showLessons()
    case .sort: pieces?.sort(by: 1)
    case .sortBack: pieces?.sort(by: -1)
    case .open: return openPiece(list)
    case .cancel: leaveList()
    default: return shared(command)
    }
    return []
  }

  private mutating func openPiece(_ list: PieceList) -> [Effect] {
    guard list.found(search.text).contains(list.cursor), let row = list.selected else { return [] }
    let scene = SnapshotScene(list.snapshot)
    let (script, why) =
      switch row.piece {
      case .slab(let index): (scene.script(slab: index), scene.why(slab: index))
      case .stack(let index): (scene.script(task: index), scene.why(task: index))
      }
    guard let script else {
      message = StatusMessage("\(row.name) cannot be opened: \(why ?? "")", .error)
      return []
    }
    open(script)
    return take(story.stand(at: script.steps.count))
  }

  /// Selects a row of the list that fills the screen.
  mutating func select(row: Int) {
    switch mode {
    case .caches: caches?.cursor = row
    case .kernel: pieces?.cursor = row
    default: lessonList.cursor = row
    }
  }
}
