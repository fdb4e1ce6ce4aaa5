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
    case .nextPane: layout.cycle(by: 1, PlacedPanes(self))
    case .previousPane: layout.cycle(by: -1, PlacedPanes(self))
    case .zoom: layout.isZoomed.toggle()
    case .scaleUp: memory.rescale(by: 1, fitting: MemoryState.fittingScale(self))
    case .scaleDown: memory.rescale(by: -1, fitting: MemoryState.fittingScale(self))
    case .hex:
      guard memory.chosen != .map else {
        tell(keymap.telling("the map shows no bytes", [.slab: "shows the slab"], in: mode.scope))
        return []
      }
      memory.showsHex.toggle()
    case .nextCopy: showCopy(by: 1)
    case .previousCopy: showCopy(by: -1)
    case .nextSlab: cycle(by: 1)
    case .previousSlab: cycle(by: -1)
    case .compare: memory.compareNext(to: session?.world.era)
    case .sideView, .drivers: turnSide(command)
    case .widen: layout.resize(columns: 0.03, rows: 0, from: nil)
    case .narrow: layout.resize(columns: -0.03, rows: 0, from: nil)
    case .dividerDown: layout.moveDivider(by: 0.06, PlacedPanes(self))
    case .dividerUp: layout.moveDivider(by: -0.06, PlacedPanes(self))
    default: return openOverlay(command)
    }
    return []
  }

  /// What lies over the panes, and what is done outside.
  private mutating func openOverlay(_ command: Command) -> [Effect] {
    let back = mode.toReturn(hasStory: session != nil)
    switch command {
    case .help: mode = .help(HelpState(back: back, screen: view(self).grid.text))
    case .palette: mode = .palette(PaletteState(back: back))
    case .themes:
      guard !themes.names.isEmpty else {
        tell("no themes to choose from here")
        return []
      }
      let cursor = themes.names.firstIndex(of: themes.used) ?? 0
      mode = .themes(ThemeState(cursor: cursor, before: themes.used, back: back))
    case .save: return [.save(fileName: nil, insists: false)]
    case .copyScreen: return [.copyScreen]
    case .quit: return [.quit]
    default: break
    }
    return []
  }

  private mutating func choose(_ view: MemoryView) {
    if view == .map, case .edit(let edit) = mode, edit.isUnanswered {
      return tell(
        keymap.telling("the map would tell the answer", [.accept: "hands it in"], in: .edit))
    }
    guard view != .map || story.question == nil else {
      return tell(
        keymap.telling(
          "the map would tell the answer", [.next: "asks", .predict: "ends predicting"]))
    }
    layout.focus = .memory
    memory.chosen = memory.chosen == view ? nil : view
    scrolls[.memory] = nil
  }

  /// The next view of the upper right pane that can be had here, or both versions of the driver and back.
  private mutating func turnSide(_ command: Command) {
    guard let session else {
      if command == .drivers { tell("no step so far has opened /dev/raw-gadget") }
      return
    }
    if command == .sideView {
      sideView = SideView.following(sideView, session)
    } else {
      guard session.world.hasGadget else {
        return tell("no step so far has opened /dev/raw-gadget")
      }
      sideView = sideView == .drivers ? .gadget : .drivers
      layout.focus = .side
    }
    scrolls[.side] = nil
  }

  /// Another copy of a call that made several.
  private mutating func showCopy(by step: Int) {
    guard session != nil else { return }
    guard story.session?.showCopy(by: step) == true else {
      return tell("this step made no other copy")
    }
    (scrolls[.check], scrolls[.memory]) = (nil, nil)
    (memory.slab, memory.task) = (nil, nil)
    if case .inside = mode { mode = .inside(0) }
  }

  /// Another slab, or another task where a stack is shown.
  private mutating func cycle(by step: Int) {
    guard let session else { return }
    if let words = memory.cycle(by: step, Subject(self, session), session.world) {
      return tell(words)
    }
    scrolls[.memory] = nil
  }
}

extension MemoryState {
  /// The scale the pane has chosen for itself, bytes a cell.
  fileprivate static func fittingScale(_ model: Model) -> Int {
    guard let pane = PaneContext(of: .memory, in: model) else { return 1 }
    if pane.subject.view(model.memory) == .map {
      guard let map = MapScale(pane) else { return 1 }
      return scales.first { UInt64($0) >= map.bytesPerColumn } ?? 256
    }
    return SlabLayout(pane)?.scale ?? 1
  }

  /// Another slab or task; what stands against it.
  fileprivate mutating func cycle(by step: Int, _ subject: Subject, _ world: World) -> String? {
    if subject.view(self) == .stack {
      let stacks = subject.world.kernel.stacks
      guard stacks.count > 1 else { return "there is one task only" }
      let shown = subject.stack(self)
      let now = stacks.firstIndex { $0.base == shown.base } ?? 0
      task = ((now + step) % stacks.count + stacks.count) % stacks.count
      chosen = .stack
      return nil
    }
    let slabs = world.kernel.slabs.indices.filter { !world.kernel.slabs[$0].isGone }
    let count = slabs.count
    guard count > 0 else { return "there is no slab yet" }
    let now = subject.slab(self).flatMap(slabs.firstIndex) ?? 0
    slab = slabs[((now + step) % count + count) % count]
    chosen = .slab
    return nil
  }
}
