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

  /// Commands that mean the same in every mode with panes.
  mutating func shared(_ command: Command) -> [Effect] {
    switch command {
    case .map: choose(.map)
    case .slab: choose(.slab)
    case .stack: choose(.stack)
    case .sideView: nextSideView()
    case .drivers: showDrivers()
    case .nextPane: layout.cycle(by: 1)
    case .previousPane: layout.cycle(by: -1)
    case .zoom: layout.isZoomed.toggle()
    case .scaleUp: rescale(by: 1)
    case .scaleDown: rescale(by: -1)
    case .hex:
      guard memory.chosen != .map else {
        tell(keymap.telling("the map shows no bytes", [.slab: "shows the slab"], in: mode.scope))
        return []
      }
      memory.showsHex.toggle()
    case .nextCopy: cycleCopy(by: 1)
    case .previousCopy: cycleCopy(by: -1)
    case .nextSlab: cycleSlab(by: 1)
    case .previousSlab: cycleSlab(by: -1)
    case .compare: cycleComparison()
    case .widen: layout.resize(columns: 0.03, rows: 0, in: ScreenLayout(self).panes)
    case .narrow: layout.resize(columns: -0.03, rows: 0, in: ScreenLayout(self).panes)
    case .dividerDown: layout.resize(columns: 0, rows: 0.06, in: ScreenLayout(self).panes)
    case .dividerUp: layout.resize(columns: 0, rows: -0.06, in: ScreenLayout(self).panes)
    case .help: openHelp()
    case .palette: mode = .palette(PaletteState(back: returnMode))
    case .themes: startChoosingTheme()
    case .save: return [.save(fileName: nil)]
    case .copyScreen: return [.copyScreen]
    case .quit: return [.quit]
    default: break
    }
    return []
  }

  mutating func stepForward() {
    step { $0.forward() } ?? tell(endWords)
  }

  private mutating func step(_ body: (inout Session) -> Bool) -> Void? {
    guard var session, body(&session) else { return nil }
    self.session = session
    arrived()
    return ()
  }

  mutating func tell(_ text: String) { message = StatusMessage(text, .dim) }

  mutating func move(_ body: (inout Session) -> Void) {
    guard var session else { return }
    body(&session)
    self.session = session
    arrived()
  }

  /// A new point in the story: scrolls and hand-made choices start afresh.
  mutating func arrived() {
    session?.chosenCopy = nil
    scrolls = [:]
    (memory.slab, memory.task) = (nil, nil)
    memory.selected = nil
    if memory.chosen != .map { memory.chosen = nil }
    hideMap()
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

  private mutating func choose(_ view: MemoryView) {
    guard view != .map || question == nil else {
      return tell(
        keymap.telling(
          "the map would tell the answer", [.next: "asks", .predict: "ends predicting"]))
    }
    layout.focus = .memory
    memory.chosen = memory.chosen == view ? nil : view
    scrolls[.memory] = nil
  }

  /// Shows both versions of the driver, or what was shown before.
  private mutating func showDrivers() {
    guard session?.world.gadget != nil else {
      return tell("no step so far has opened /dev/raw-gadget")
    }
    sideView = sideView == .drivers ? .gadget : .drivers
    layout.focus = .side
    scrolls[.side] = nil
  }

  /// The next of the views that can be had here.
  private mutating func nextSideView() {
    guard let session else { return }
    let all = SideView.available(session).map(\.name)
    let now = all.firstIndex(of: SideView.shown(sideView, session)) ?? 0
    sideView = all[(now + 1) % all.count]
    scrolls[.side] = nil
  }

  private mutating func rescale(by step: Int) {
    let scales = MemoryState.scales
    let now = memory.scale ?? fittingScale
    let index = (scales.firstIndex(of: now) ?? 0) + step
    memory.scale = scales.indices.contains(index) ? scales[index] : (index < 0 ? nil : now)
  }

  /// The scale the pane has chosen for itself.
  private var fittingScale: Int {
    guard let pane = PaneContext(of: .memory, in: self) else { return 1 }
    if pane.subject.view(memory) == .map {
      guard let map = MapScale(pane) else { return 1 }
      return MemoryState.scales.first { UInt64($0) >= map.bytesPerColumn } ?? 256
    }
    return SlabLayout(pane)?.scale ?? 1
  }

  /// Another copy of a call that made several.
  private mutating func cycleCopy(by step: Int) {
    guard var session else { return }
    let copies = session.copies
    guard copies.count > 1 else { return tell("this step made no other copy") }
    let shown = session.shownCopy?.report
    let now = copies.firstIndex { $0.report == shown } ?? 0
    session.chosenCopy = ((now + step) % copies.count + copies.count) % copies.count
    self.session = session
    (scrolls[.check], scrolls[.memory]) = (nil, nil)
    (memory.slab, memory.task) = (nil, nil)
    if case .inside = mode { mode = .inside(0) }
  }

  private mutating func cycleSlab(by step: Int) {
    guard let session else { return }
    let subject = Subject(self, session)
    if subject.view(memory) == .stack { return cycleTask(by: step, subject) }
    guard !session.world.kernel.slabs.isEmpty else { return tell("there is no slab yet") }
    let count = session.world.kernel.slabs.count
    let now = subject.slab(memory) ?? 0
    memory.slab = ((now + step) % count + count) % count
    memory.chosen = .slab
    scrolls[.memory] = nil
  }

  private mutating func cycleTask(by step: Int, _ subject: Subject) {
    let stacks = subject.world.kernel.stacks
    guard stacks.count > 1 else { return tell("there is one task only") }
    let shown = subject.stack(memory)
    let now = stacks.firstIndex { $0.base == shown.base } ?? 0
    memory.task = ((now + step) % stacks.count + stacks.count) % stacks.count
    memory.chosen = .stack
    scrolls[.memory] = nil
  }

  private mutating func cycleComparison() {
    let eras = Era.all.filter { $0 != session?.world.era }
    guard let now = memory.comparedEra, let index = eras.firstIndex(of: now) else {
      memory.comparedEra = eras.first
      return
    }
    memory.comparedEra = eras.indices.contains(index + 1) ? eras[index + 1] : nil
  }

  private mutating func changeEra(by step: Int) {
    guard let session, let now = Era.all.firstIndex(of: session.world.era) else { return }
    let count = Era.all.count
    let next = Era.all[((now + step) % count + count) % count]
    byHand { $0.rejudge(under: next.id) }
    message = StatusMessage("judged by \(next.title) (\(next.date)) from here on")
  }

  /// Changes the session so that it can be undone.
  mutating func byHand(_ body: (inout Session) -> Void) {
    guard var session else { return }
    let before = session
    body(&session)
    guard keepsFaith(before, session) else {
      return tell(
        keymap.telling(
          "a program runs here: steps can only be added behind the last", [.last: "goes there"]))
    }
    undoable.append(before)
    if undoable.count > 200 { undoable.removeFirst() }
    undone = []
    self.session = session
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
