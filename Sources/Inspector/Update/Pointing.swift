import Grid
import Narration
import Simulation
import Timeline
import Usercopy

extension Model {
  /// A mouse event: a click focuses and selects, the wheel scrolls, a divider can be dragged.
  mutating func point(_ mouse: Mouse) -> [Effect] {
    switch mode {
    case .lessons: return ListLayout.lessons(self).point(mouse, &self)
    case .caches: return ListLayout.caches(self).point(mouse, &self)
    case .kernel: return ListLayout.pieces(self).point(mouse, &self)
    case .browse, .edit, .inside, .events: break
    default: return []
    }
    guard let session, let placed = PlacedPanes(self) else { return [] }
    let place = mouse.position
    let pane = placed.all.first { $0.rect.contains(x: place.x, y: place.y) }
    switch mouse.action {
    case .press(.left):
      layout.dragged = placed.divider(at: place)
      guard layout.dragged == nil else { return [] }
      if place.y == height - 1 {
        // A click on a hint does what its key does, one on the timeline goes to that step.
        let footer = FooterLayout(PaneScene(self, session), ScreenLayout(self).footer) {
          StoryPages(self).below
        }
        if let command = footer.command(at: place.x) { return perform(command, in: mode) }
        guard case .browse = mode else { return [] }
        return footer.step(at: place.x).map { take(story.seek(to: $0)) } ?? []
      } else if let pane {
        (layout.focus, layout.isChosen) = (pane.pane, true)
        if pane.pane == .memory { pointAtMemory(place) }
      }
    case .drag(.left):
      if let dragged = layout.dragged { layout.drag(dragged, to: place, in: placed.area) }
    case .release(.left): layout.dragged = nil
    case .wheelUp, .wheelDown:
      let step = mouse.action == .wheelUp ? -1 : 1
      if mode.isStepping { return perform(step < 0 ? .up : .down, in: mode) }
      if let pane { (layout.focus, layout.isChosen) = (pane.pane, true) }
      scroll(by: step)
    default: break
    }
    return []
  }

  /// A click on a byte: the start of the copy while editing, else its object is selected.
  private mutating func pointAtMemory(_ place: Position) {
    guard let session, let pane = PaneContext(of: .memory, in: self),
      pane.subject.view(memory) == .slab, let layout = SlabLayout(pane)
    else { return }
    let kernel = pane.subject.world.kernel
    let index = layout.slab
    guard let (slot, byte) = layout.hit(place, slots: kernel.slabs[index].objects.count)
    else { return }
    if case .edit(var edit) = mode {
      guard let byte, let base = try? edit.base.resolve(edit.draft.place) else { return }
      let address = kernel.slabs[index].firstSlot + UInt64(slot) * layout.cache.stride + byte
      edit.draft.offset = Int64(bitPattern: address &- base)
      edit.typed = ""
      if edit.judge() { show(edit) }
      return
    }
    memory.selected = MemoryState.Slot(slab: index, index: slot)
    let object = kernel.slabs[index].objects[slot]
    let start = kernel.slabs[index].firstSlot + UInt64(slot) * layout.cache.stride
    let state =
      switch object.state {
      case .live: "'\(object.label)'"
      case .freed: "freed"
      case .never: "free"
      case .unknown: "not known"
      }
    let words = ValueWords.address(start, session.world.kernel.configuration.wordSize)
    message = StatusMessage("slot \(slot) of \(layout.cache.name): \(state) at \(words)")
  }
}

extension ListLayout {
  /// A click selects a row, one on the selected row opens it.
  fileprivate func point(_ mouse: Mouse, _ model: inout Model) -> [Effect] {
    switch mouse.action {
    case .wheelUp: return model.perform(.up, in: model.mode)
    case .wheelDown: return model.perform(.down, in: model.mode)
    case .press(.left):
      guard let row = row(at: mouse.position.y) else { return [] }
      if row == cursor { return model.perform(.open, in: model.mode) }
      if case .kernel = model.mode {
        model.pieces?.cursor = row
      } else if case .caches = model.mode {
        model.caches?.cursor = row
      } else {
        model.lessonList.cursor = row
      }
    default: break
    }
    return []
  }
}
