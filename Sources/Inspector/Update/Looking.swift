import Grid
import Simulation
import Usercopy

/// What the panes show and how: the same in every mode with panes.
extension Model {
  /// Commands that mean the same in every mode with panes.
  mutating func shared(_ command: Command) -> [Effect] {
    switch command {
    case .map: choose(.map)
    case .slab: choose(.slab)
    case .stack: choose(.stack)
    case .sideView: nextSideView()
    case .drivers: showDrivers()
    case .nextPane: cyclePane(by: 1)
    case .previousPane: cyclePane(by: -1)
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
    case .widen: layout.resize(columns: 0.03, rows: 0, from: nil)
    case .narrow: layout.resize(columns: -0.03, rows: 0, from: nil)
    case .dividerDown: moveDivider(by: 0.06)
    case .dividerUp: moveDivider(by: -0.06)
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

  private mutating func cyclePane(by step: Int) {
    guard let placed = PlacedPanes(self) else { return }
    (layout.focus, layout.isChosen) = (placed.next(by: step), true)
  }

  private mutating func moveDivider(by share: Double) {
    guard let placed = PlacedPanes(self) else { return }
    layout.focus = placed.focus
    layout.resize(columns: 0, rows: share, from: placed.upperShare)
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

  /// Opens the help at the keys of the present mode.
  mutating func openHelp() {
    mode = .help(HelpState(back: returnMode))
  }

  /// Where an overlay comes back to.
  var returnMode: ReturnMode {
    switch mode {
    case .lessons: .lessons
    case .caches: .caches
    case .inside(let line): .inside(line)
    case .edit(let edit): .edit(edit)
    default: session == nil ? .lessons : .browse
    }
  }

  mutating func startChoosingTheme() {
    guard !themes.isEmpty else {
      message = StatusMessage("no themes to choose from here", .dim)
      return
    }
    mode = .themes(
      ThemeState(
        cursor: themes.firstIndex(of: theme) ?? 0, before: theme, back: returnMode))
  }
}
