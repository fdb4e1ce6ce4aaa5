import Simulation
import Usercopy

/// What a frame is about: the machine shown and the copy painted on it.
struct Subject: Sendable {
  /// The machine whose bytes are drawn.
  let world: World
  /// The copy painted on them, and whether it is only being tried.
  let report: CopyReport?
  let request: Action.Copy?
  /// The machine every era judges the copy on.
  let before: World?
  let isDraft: Bool
  /// The copy under every era, oldest first; empty without a copy.
  let verdicts: [CopyOutcome]

  init(_ model: Model, _ session: Session) {
    if case .edit(let edit) = model.mode {
      (world, report, request) = (edit.base, edit.report, edit.draft)
      (before, isDraft) = (edit.base, true)
    } else if let shown = session.shownCopy {
      // A call frees what it allocated before it returns: its copies are shown as it saw them.
      let isInCall = shown.report.scene != nil
      world = isInCall ? shown.after : session.world
      (report, request) = (shown.report, shown.request)
      (before, isDraft) = (shown.before, false)
    } else {
      (world, report, request) = (session.world, nil, nil)
      (before, isDraft) = (nil, false)
    }
    if let request, let before, let all = try? before.comparison(request) {
      verdicts = all
    } else {
      verdicts = []
    }
  }

  /// The view that shows the subject best.
  func view(_ state: MemoryState) -> MemoryView {
    if let chosen = state.chosen { return chosen }
    if let address = report?.outcome.attempt.kernel {
      return onStack(address) ? .stack : .slab
    }
    return world.kernel.slabs.isEmpty && !world.kernel.currentStack.frames.isEmpty
      ? .stack : .slab
  }

  private func onStack(_ address: Address) -> Bool {
    let kernel = world.kernel
    let stack = kernel.currentStack
    let near = address >= stack.base &- Memory.pageSize && address < stack.end &+ Memory.pageSize
    return near && kernel.object(at: address) == nil
  }

  /// The slab shown: chosen, the copy's, or the one touched last.
  func slab(_ state: MemoryState) -> Int? {
    let slabs = world.kernel.slabs
    if let chosen = state.slab, slabs.indices.contains(chosen) { return chosen }
    if let address = report?.outcome.attempt.kernel {
      if world.kernel.pages.isValid(address),
        case .slab(let slab) = world.kernel.pages.descriptor(at: address).use
      {
        return slab
      }
    }
    return slabs.indices.last
  }
}
