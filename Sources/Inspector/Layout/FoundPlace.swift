import Simulation
import Usercopy

/// A place of the focused pane that holds the text searched for.
enum FoundPlace {
  case object(MemoryState.Slot)
  /// A row, from 0.
  case row(Int)

  /// All of them, in their order.
  static func all(in model: Model) -> [FoundPlace] {
    guard let session = model.session, !model.search.text.isEmpty else { return [] }
    let wanted = model.search.text.lowercased()
    func holds(_ text: String) -> Bool { text.lowercased().contains(wanted) }
    let focus = PlacedPanes(model)?.focus ?? model.layout.focus
    if focus == .memory {
      let subject = Subject(model, session)
      if subject.view(model.memory) != .stack { return objects(subject.world.kernel, holds) }
    }
    let texts = focus.rows(in: model)?.texts ?? []
    return texts.enumerated().filter { holds($1) }.map { .row($0.offset) }
  }

  private static func objects(_ kernel: Kernel, _ holds: (String) -> Bool) -> [FoundPlace] {
    var found: [FoundPlace] = []
    for slab in kernel.slabs.indices where !kernel.slabs[slab].isGone {
      let objects = kernel.slabs[slab].objects
      var slots = objects.indices.filter {
        objects[$0].state == .live
          && (holds(objects[$0].label) || holds(text(of: $0, in: slab, kernel)))
      }
      // A cache's name stands for its first object.
      if slots.isEmpty, holds(kernel.caches[kernel.slabs[slab].cache].name) { slots = [0] }
      found += slots.map { .object(MemoryState.Slot(slab: slab, index: $0)) }
    }
    return found
  }

  /// A slot's bytes as the pane writes them beside the hexadecimal ones.
  private static func text(of slot: Int, in slab: Int, _ kernel: Kernel) -> String {
    let stride = kernel.caches[kernel.slabs[slab].cache].stride
    let start = kernel.slabs[slab].firstSlot &+ UInt64(slot) &* stride
    let bytes = kernel.memory.read(start, count: Int(min(stride, Memory.pageSize)))
    return String(decoding: bytes.map { $0 >= 0x20 && $0 < 0x7F ? $0 : 0x00 }, as: UTF8.self)
  }
}
