import Grid
import KernelPages
import Narration
import Simulation

/// The list of a real kernel's pages and stacks.
extension Model {
  mutating func listPieces(_ command: Command) -> [Effect] {
    guard let list = pieces else {
      message = StatusMessage(
        "no pages of a real kernel are open; try 'copyscope kernel FILE --open'",
        .dim)
      return []
    }
    if let row = command.moved(list.cursor, among: list.found(search.text), page: height / 3) {
      pieces?.cursor = row
      return []
    }
    switch command {
    case .kernel: (search, mode) = (SearchState(), .kernel)
    case .search: startSearching(.kernel)
    case .caches: return [.readCaches]
    case .lessons: showLessons()
    case .sort: pieces?.sort(by: 1)
    case .sortBack: pieces?.sort(by: -1)
    case .open:
      guard list.found(search.text).contains(list.cursor), let row = list.selected else {
        return []
      }
      let (script, why) = list.scene(row.piece)
      guard let script else {
        message = StatusMessage("\(row.name) cannot be opened: \(why ?? "")", .error)
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

extension PieceList {
  /// A piece as a scenario's machine, or why it cannot be drawn.
  fileprivate func scene(_ piece: SnapshotPiece) -> (script: Script?, why: String?) {
    let scene = SnapshotScene(snapshot)
    switch piece {
    case .slab(let index): return (scene.script(slab: index), scene.why(slab: index))
    case .stack(let index): return (scene.script(task: index), scene.why(task: index))
    }
  }
}
