import Grid
import Simulation
import Text
import Usercopy

extension Model {
  mutating func browse(_ command: Command) -> [Effect] {
    switch command {
    case .next:
      if !ask(), !askAgain() {
        if let turn = programsTurn {
          if turn.isEmpty, let live { tell(live.words(keymap)) }
          return turn
        }
        stepForward()
      }
    case .predict: togglePredicting()
    case .exercise: nextExercise()
    case .previous:
      step { $0.back() } ?? tell(keymap.telling("this is the start", [.next: "goes on"]))
    case .first: move { $0.seek(0) }
    case .last: seek(to: session?.count ?? 0)
    case .jumpForward: jump(by: 1)
    case .jumpBack: jump(by: -1)
    case .edit: if !ask() { startEditing() }
    case .inside: enterCheck()
    case .undo: swapHistory(from: \.undoable, to: \.undone, "nothing was done by hand")
    case .redo: swapHistory(from: \.undone, to: \.undoable, "nothing was undone")
    case .era: changeEra(by: 1)
    case .eraBack: changeEra(by: -1)
    case .command: mode = .command(CommandState())
    case .search: startSearching(.browse)
    case .findNext: findAgain(by: 1)
    case .findPrevious: findAgain(by: -1)
    case .play: togglePlaying()
    case .faster: changePace(by: -1)
    case .slower: changePace(by: 1)
    case .bookmark: toggleBookmark()
    case .nextBookmark: goToBookmark()
    case .lessons: showLessons()
    case .caches: return [.readCaches]
    case .up: scroll(by: -1)
    case .down: scroll(by: 1)
    case .pageUp: scroll(by: -max(1, height / 2))
    case .pageDown: scroll(by: max(1, height / 2))
    default: return shared(command)
    }
    return []
  }

  private mutating func jump(by direction: Int) {
    guard let session else { return }
    let actions = session.fullScript.steps.map(\.action)
    var target = session.position + direction
    while target > 0, target <= actions.count {
      if case .copy = actions[target - 1] {
        return seek(to: target)
      }
      target += direction
    }
    tell(direction > 0 ? "no copy further on" : "no copy before this")
  }

  private mutating func changeEra(by step: Int) {
    guard let session, let now = Era.all.firstIndex(of: session.world.era) else { return }
    let count = Era.all.count
    let next = Era.all[((now + step) % count + count) % count]
    byHand { $0.rejudge(under: next.id) }
    message = StatusMessage("judged by \(next.title) (\(next.date)) from here on")
  }

  private mutating func swapHistory(
    from: WritableKeyPath<Model, [Session]>, to: WritableKeyPath<Model, [Session]>,
    _ nothing: String
  ) {
    guard live == nil else { return tell("a program runs here: nothing can be undone") }
    guard let session, var other = self[keyPath: from].popLast() else { return tell(nothing) }
    self[keyPath: to].append(session)
    if to == \.undoable, session.script.id == other.script.id {
      // What was redone stands where the two part.
      let pairs = zip(session.fullScript.steps, other.fullScript.steps)
      let same = pairs.prefix { $0.action == $1.action }.count
      other.seek(min(same + 1, other.count))
    }
    self.session = other
    arrived()
    guard session.script.id != other.script.id else { return }
    message = StatusMessage("back to '\(other.script.title)', step \(other.position)")
  }

  // MARK: Inside a check

  private mutating func enterCheck() {
    guard let session, session.shownCopy != nil else {
      return tell("step to a copy first; its check can be stepped into")
    }
    layout.focus = .check
    mode = .inside(0)
    // The pointers a check reads are seen moving on the bytes, not on the map.
    if memory.chosen == .map { memory.chosen = nil }
  }

  mutating func inside(_ command: Command, _ line: Int) -> [Effect] {
    let last = max(0, (session?.shownCopy?.report.outcome.trace.count ?? 0) - 1)
    switch command {
    case .next, .down: mode = .inside(min(last, line + 1))
    case .previous, .up: mode = .inside(max(0, line - 1))
    case .first: mode = .inside(0)
    case .last: mode = .inside(last)
    case .cancel: mode = .browse
    case .edit: if !ask() { startEditing() }
    default: return shared(command)
    }
    return []
  }
}
