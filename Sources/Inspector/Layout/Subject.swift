import Simulation
import Timeline
import Usercopy

/// What a frame is about: the machine shown and the copy painted on it.
struct Subject: Sendable {
  /// The machine whose bytes are drawn.
  let world: World
  /// The copy painted on them, and whether it is only being tried.
  let report: CopyReport?
  /// The machine every era judges the copy on.
  let before: World?
  let isDraft: Bool
  /// The copy's check is being stepped through and has not come to its end: what became of the copy is not
  /// told yet.
  let isOpen: Bool
  /// The machine before the step, to tell what the step changed; nil at the start and for what is only tried.
  let past: Kernel?
  /// The slab of the object the step allocated last.
  private let allocated: Int?
  /// The step that led here was about a stack.
  private let isAboutStack: Bool
  /// The copy under every era, oldest first; empty without a copy.
  let verdicts: [CopyOutcome]
  /// What each of them does to the kernel's bytes.
  let effects: [CopyEffect]

  init(_ model: Model, _ session: Session) {
    if case .edit(let edit) = model.mode.base {
      world = edit.base
      report = edit.isUnanswered ? Self.unanswered(edit.report) : edit.report
      (before, isDraft, isOpen) = (edit.base, true, edit.isUnanswered)
    } else if Self.isBetweenCopies(model, session) {
      (world, report) = (session.world, nil)
      (before, isDraft, isOpen) = (nil, false, false)
    } else if let shown = session.shownCopy, Self.isOpen(shown.report, model) {
      (world, before, isDraft, isOpen) = (shown.before, shown.before, false, true)
      report = Self.unanswered(shown.report)
    } else if let shown = session.shownCopy {
      // A call frees what it allocated before it returns: its copies are shown as it saw them.
      let isInCall = shown.report.scene != nil
      world = isInCall ? shown.after : session.world
      (report, before, isDraft, isOpen) = (shown.report, shown.before, false, false)
    } else {
      (world, report) = (session.world, nil)
      (before, isDraft, isOpen) = (nil, false, false)
    }
    past = isDraft || isOpen ? nil : session.timeline.previous?.kernel
    allocated = Self.allocated(session.timeline.events, world.kernel)
    isAboutStack = Self.isAboutStack(session.step?.action, world)
    if let attempt = report?.outcome.attempt, let before, !isOpen {
      verdicts = before.comparison(attempt)
      effects = Self.effects(verdicts, before.kernel)
    } else {
      (verdicts, effects) = ([], [])
    }
  }

  /// The step is gone through, and has come to something else than a copy.
  private static func isBetweenCopies(_ model: Model, _ session: Session) -> Bool {
    guard case .events = model.mode.base else { return false }
    return session.chosenCopy == nil
  }

  private static func isOpen(_ report: CopyReport, _ model: Model) -> Bool {
    guard case .inside(let line) = model.mode.base else { return false }
    return line < report.outcome.trace.count - 1
  }

  /// The copy as it is asked for: all of its bytes are marked alike.
  private static func unanswered(_ report: CopyReport) -> CopyReport {
    var report = report
    let attempt = report.outcome.attempt
    let asked = ByteRange(start: attempt.kernel, length: attempt.length)
    report.marks = asked.length == 0 ? [] : [MarkRun(range: asked, mark: .unmoved)]
    (report.effect.moved, report.effect.cleared, report.effect.astray) = ([], [], [])
    return report
  }

  /// What each outcome does. Most move the same bytes, which are looked at once.
  private static func effects(_ outcomes: [CopyOutcome], _ kernel: Kernel) -> [CopyEffect] {
    struct Done: Hashable {
      var verdict: Verdict
      var moved, left, asked: UInt64
      var sideEffects: [SideEffect]
    }
    var known: [Done: CopyEffect] = [:]
    return outcomes.map { outcome in
      let done = Done(
        verdict: outcome.verdict, moved: outcome.handedOver, left: outcome.leftOver,
        asked: outcome.effectiveLength, sideEffects: outcome.sideEffects)
      if let effect = known[done] { return effect }
      let effect = kernel.effect(outcome)
      known[done] = effect
      return effect
    }
  }

  /// The view that shows the subject best.
  func view(_ state: MemoryState) -> MemoryView {
    if let chosen = state.chosen { return chosen }
    if let address = report?.outcome.attempt.kernel {
      return onStack(address) ? .stack : .slab
    }
    let hasOnlyFrames = world.kernel.slabs.isEmpty && !world.kernel.currentStack.frames.isEmpty
    return isAboutStack || hasOnlyFrames ? .stack : .slab
  }

  private static func allocated(_ events: [Event], _ kernel: Kernel) -> Int? {
    for case .allocated(_, _, _, let address, _) in events.reversed() {
      if let (slab, _) = kernel.object(at: address) { return slab }
    }
    return nil
  }

  private static func isAboutStack(_ action: Action?, _ world: World) -> Bool {
    switch action {
    case .call?, .return?, .task?, .run?: return true
    case .write(let place, _, _)?:
      guard let address = try? world.resolve(place) else { return false }
      return world.kernel.stacks.contains { $0.contains(address) }
    default: return false
    }
  }

  /// On a stack, or near the running one where nothing else is.
  private func onStack(_ address: Address) -> Bool {
    let kernel = world.kernel
    if kernel.stacks.contains(where: { $0.contains(address) }) { return true }
    if kernel.pages.isValid(address) {
      guard case .plain = kernel.pages.descriptor(at: address).use else { return false }
      if kernel.memory.accessible(from: address, upTo: 1, writing: false) > 0 { return false }
    }
    let stack = kernel.currentStack
    return address >= stack.base &- Memory.pageSize && address < stack.end &+ Memory.pageSize
  }

  /// The stack shown: chosen, the copy's, that of the task at work.
  func stack(_ state: MemoryState) -> TaskStack {
    let kernel = world.kernel
    if let chosen = state.task, kernel.stacks.indices.contains(chosen) {
      return kernel.stacks[chosen]
    }
    guard let address = report?.outcome.attempt.kernel else { return kernel.currentStack }
    return kernel.stacks.first { $0.contains(address) } ?? kernel.currentStack
  }

  /// The slab shown: chosen, the copy's, or the one touched last.
  func slab(_ state: MemoryState) -> Int? {
    let slabs = world.kernel.slabs
    if let chosen = state.slab, slabs.indices.contains(chosen), !slabs[chosen].isGone {
      return chosen
    }
    if let address = report?.outcome.attempt.kernel {
      if world.kernel.pages.isValid(address),
        case .slab(let slab) = world.kernel.pages.descriptor(at: address).use
      {
        return slab
      }
    }
    guard let report, !isDraft else { return allocated ?? slabs.lastIndex { !$0.isGone } }
    return Self.touched(report, world.kernel)
  }

  /// Pages that were taken in one piece, which are no part of a picture of the slab before them.
  private static func isOfOthers(_ address: Address, _ kernel: Kernel) -> Bool {
    guard kernel.pages.isValid(address) else { return false }
    if case .plain = kernel.pages.descriptor(at: address).use { return false }
    return true
  }

  /// The slab that a copy reaches which does not begin in one, or right behind which it begins.
  private static func touched(_ report: CopyReport, _ kernel: Kernel) -> Int? {
    let start = report.outcome.attempt.kernel
    return kernel.slabs.firstIndex { slab in
      guard !slab.isGone else { return false }
      let bytes = kernel.caches[slab.cache].slabBytes
      let end = slab.base &+ bytes
      return start >= end && start &- end < bytes && !isOfOthers(start, kernel)
        || report.marks.contains { run in
          run.range.start < end && run.range.start &+ run.range.length > slab.base
        }
    }
  }
}
