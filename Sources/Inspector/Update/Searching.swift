import Grid
import Narration
import Simulation
import Timeline
import Usercopy

extension Model {
  /// A key while a search text is typed; the pane follows each key.
  mutating func search(_ key: Key, back: ReturnMode) -> [Effect] {
    switch key.code {
    case _ where key.closes:
      search = SearchState()
      memory.selected = nil
      mode = back.mode
      return []
    case .enter:
      mode = back.mode
      if !back.isList { goToFound() }
      return []
    case .backspace where search.text.isEmpty:
      mode = back.mode
      return []
    case .backspace: search.text = String(search.text.dropLast())
    case .character("u") where key.modifiers == .control: search.text = ""
    case .up where back.isList: return perform(.up, in: back.mode)
    case .down where back.isList: return perform(.down, in: back.mode)
    default:
      guard let scalar = key.typed, search.text.utf8.count < 80 else { return [] }
      search.text.unicodeScalars.append(scalar)
    }
    search.index = 0
    selectFound(back)
    return []
  }

  mutating func startSearching(_ back: ReturnMode) {
    search = SearchState()
    mode = .search(back: back)
  }

  /// To the next place found, or the one before.
  mutating func findAgain(by step: Int) {
    guard !search.text.isEmpty else {
      message = StatusMessage("/ searches first", .dim)
      return
    }
    let count = places.count
    if count > 0 { search.index = ((search.index + step) % count + count) % count }
    goToFound()
  }

  /// Lessons whose title, words or name hold the text; all of them without one.
  var foundLessons: [Int] {
    let wanted = search.text.lowercased()
    return lessons.indices.filter { index in
      let lesson = lessons[index]
      return wanted.isEmpty || lesson.title.lowercased().contains(wanted)
        || lesson.about.lowercased().contains(wanted) || lesson.id.contains(wanted)
        || lesson.chapter.lowercased().contains(wanted)
        || String(lesson.number) == wanted
    }
  }

  /// A place that holds the text searched for.
  private enum Found {
    case object(MemoryState.Slot)
    case stackRow(Int)
    case checkRow(Int)
    case storyRow(Int)
    case machineRow(Int)
  }

  private var places: [Found] {
    guard let session, !search.text.isEmpty else { return [] }
    let wanted = search.text.lowercased()
    func holds(_ text: String) -> Bool { text.lowercased().contains(wanted) }
    switch layout.focus {
    case .check:
      guard let pane = context(of: .check) else { return [] }
      return CheckPane(context: pane).texts.enumerated().filter { holds($1) }
        .map { .checkRow($0.offset) }
    case .story:
      guard let pane = context(of: .story) else { return [] }
      return StoryPane(context: pane).texts.enumerated().filter { holds($1) }
        .map { .storyRow($0.offset) }
    case .machine:
      guard let pane = context(of: .machine) else { return [] }
      let content = machinePane(pane)
      return content.texts.enumerated().filter { holds($1) }
        .map { .machineRow(content.scrollRange.lowerBound + $0.offset) }
    case .memory:
      let subject = Subject(self, session)
      if subject.view(memory) == .stack, let pane = context(of: .memory) {
        return StackView(context: pane).texts.enumerated().filter { holds($1) }
          .map { .stackRow($0.offset) }
      }
      let kernel = subject.world.kernel
      var found: [Found] = []
      for slab in kernel.slabs.indices {
        let objects = kernel.slabs[slab].objects
        var slots = objects.indices.filter {
          objects[$0].state == .live
            && (holds(objects[$0].label) || holds(Self.text(of: $0, in: slab, kernel)))
        }
        // A cache's name stands for its first object.
        if slots.isEmpty, holds(kernel.caches[kernel.slabs[slab].cache].name) { slots = [0] }
        found += slots.map { .object(MemoryState.Slot(slab: slab, index: $0)) }
      }
      return found
    }
  }

  /// A slot's bytes as the pane writes them beside the hexadecimal ones.
  private static func text(of slot: Int, in slab: Int, _ kernel: Kernel) -> String {
    let stride = kernel.caches[kernel.slabs[slab].cache].stride
    let start = kernel.slabs[slab].firstSlot &+ UInt64(slot) &* stride
    let bytes = kernel.memory.read(start, count: Int(min(stride, Memory.pageSize)))
    return String(decoding: bytes.map { $0 >= 0x20 && $0 < 0x7F ? $0 : 0x00 }, as: UTF8.self)
  }

  mutating func goToFound() {
    guard !search.text.isEmpty else { return }
    let places = self.places
    guard places.indices.contains(search.index) else {
      memory.selected = nil
      message = StatusMessage("'\(search.text)' is not in this pane", .warning)
      return
    }
    switch places[search.index] {
    case .object(let slot): select(slot)
    case .stackRow(let row):
      if let pane = context(of: .memory) {
        memory.scroll += row - StackView(context: pane).first
        clampScroll()
      }
    case .checkRow(let row): checkScroll = row
    case .storyRow(let row): storyScroll = row
    case .machineRow(let row):
      if let pane = context(of: .machine) {
        machineScroll = machinePane(pane).scrollRange.clamped(row)
      }
    }
    message = StatusMessage(
      "\(search.index + 1) of \(places.count) with '\(search.text)'; f the next, F the one before")
  }

  /// Selects an object and brings it into sight.
  mutating func select(_ slot: MemoryState.Slot) {
    memory.selected = slot
    memory.slab = slot.slab
    memory.chosen = .slab
    memory.scroll = 0
  }

  /// What a pane draws from now, if the pane is shown.
  func context(of pane: Pane) -> PaneContext? {
    guard let session,
      let shown = layout.rects(in: ScreenLayout(self).panes).first(where: { $0.pane == pane })
    else { return nil }
    return PaneContext(
      PaneScene(self, session), rect: shown.rect.inset(), isFocused: pane == layout.focus)
  }

  /// Scrolls the focused pane, and no further than there is something to see.
  mutating func scroll(by lines: Int) {
    guard let pane = context(of: layout.focus) else { return }
    switch layout.focus {
    case .memory:
      memory.scroll += lines
      clampScroll()
    case .check:
      let check = CheckPane(context: pane)
      checkScroll = min(max(0, check.first + lines), check.last)
    case .story:
      storyScroll = StoryPane(context: pane).scrollRange.clamped(storyScroll + lines)
    case .machine:
      machineScroll = machinePane(pane).scrollRange.clamped(machineScroll + lines)
    }
  }

  private mutating func clampScroll() {
    guard let pane = context(of: .memory) else { return }
    let range = MemoryPane(context: pane).scrollRange
    memory.scroll = range.clamped(memory.scroll)
  }
}

extension ClosedRange {
  /// The value nearest to `value` in the range.
  func clamped(_ value: Bound) -> Bound { Swift.min(Swift.max(value, lowerBound), upperBound) }
}
