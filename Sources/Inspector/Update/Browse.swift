import Grid
import Simulation
import Usercopy

extension Model {
  mutating func browse(_ command: Command) -> [Effect] {
    switch command {
    case .next: return StoryPages.readsOn(&self) ? [] : take(story.next(keymap))
    case .predict: return take(story.togglePredicting(keymap))
    case .exercise: return take(story.nextExercise(from: nil, keymap))
    case .hint: return take(story.hint(keymap))
    case .cancel: return take(story.leaveExercise(keymap))
    case .preset: message = layout.changePreset(keymap, in: mode.scope)
    case .previous: return take(story.back(keymap))
    case .first: return take(story.stand(at: 0))
    case .last: return take(story.seek(to: session?.count ?? 0))
    case .jumpForward: return take(story.jump(by: 1))
    case .jumpBack: return take(story.jump(by: -1))
    case .edit: startEditing()
    case .inside:
      session?.shownCopy == nil && OpenedStep.isPossible(session)
        ? OpenedStep.enter(&self) : enterCheck()
    case .events: OpenedStep.enter(&self)
    case .undo: return take(story.undo())
    case .redo: return take(story.redo())
    case .era: return take(story.changeEra(by: 1, keymap))
    case .eraBack: return take(story.changeEra(by: -1, keymap))
    case .command: mode = .command(CommandState())
    case .search: startSearching(.browse)
    case .findNext: findAgain(by: 1)
    case .findPrevious: findAgain(by: -1)
    case .play: return take(story.togglePlaying(keymap))
    case .faster: return take(story.changePace(by: -1, keymap))
    case .slower: return take(story.changePace(by: 1, keymap))
    case .bookmark: return take(story.toggleBookmark(keymap))
    case .nextBookmark: return take(story.goToBookmark(keymap))
    case .lessons: showLessons()
    case .caches: return [.readCaches]
    case .kernel: return listPieces(command)
    case .up: scroll(by: -1)
    case .down: scroll(by: 1)
    case .pageUp: scroll(by: -max(1, height / 2))
    case .pageDown: scroll(by: max(1, height / 2))
    default: return shared(command)
    }
    return []
  }

  // MARK: Inside a check

  private mutating func enterCheck() {
    guard let session, session.shownCopy != nil else {
      return tell("step to a copy first; its check can be stepped into")
    }
    layout.focus = .check
    openedStep = nil
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
    case .cancel: OpenedStep.leaveCheck(&self)
    case .exercise, .predict, .lessons:
      (mode, openedStep) = (.browse, nil)
      return browse(command)
    case .preset: message = layout.changePreset(keymap, in: mode.scope)
    case .edit: startEditing()
    default: return shared(command)
    }
    return []
  }
}
