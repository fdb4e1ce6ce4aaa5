import Grid
import Simulation
import Usercopy

extension Model {
  /// Starts editing the copy shown, or a new one on the newest object.
  mutating func startEditing() {
    guard let session else { return }
    if let shown = session.shownCopy {
      let isTrial = shown.report.scene != nil
      return begin(
        shown.request, on: shown.before, replaces: true, isTrial: isTrial,
        name: isTrial ? shown.report.place : nil)
    }
    if case .copy(let coming)? = session.next?.action {
      return begin(coming, on: session.world, replaces: false)
    }
    guard let place = newestPlace(session.world) else {
      message = StatusMessage("nothing to copy yet; step on or allocate something", .warning)
      return
    }
    begin(
      Action.Copy(entry: .copyToUser, place: place.place, length: place.size),
      on: session.world, replaces: false)
  }

  private func newestPlace(_ world: World) -> (place: Place, size: UInt64)? {
    let objects = world.names.filter { $0.value.kind != .user && $0.value.isLive }
    if let newest = objects.max(by: { $0.value.address < $1.value.address }) {
      return (.named(newest.key), newest.value.size)
    }
    return world.kernel.currentStack.frames.last?.locals.first.map {
      (.named($0.name), $0.size)
    }
  }

  private mutating func begin(
    _ draft: Action.Copy, on base: World, replaces: Bool, isTrial: Bool = false,
    name: String? = nil
  ) {
    guard let report = Self.report(draft, on: base, name: name) else {
      message = StatusMessage("what this copy names is not there", .warning)
      return
    }
    mode = .edit(
      EditState(draft: draft, base: base, report: report, replaces: replaces, isTrial: isTrial))
    scrolls[.check] = nil
  }

  /// How a copy would come out, without making it.
  ///
  /// - Parameter name: what it starts in, when the copy itself only has the address.
  static func report(
    _ draft: Action.Copy, on base: World, name: String? = nil
  ) -> CopyReport? {
    guard let attempt = try? base.attempt(draft) else { return nil }
    let outcome = base.kernel.judge(attempt, under: base.era)
    return CopyReport(
      outcome: outcome, place: name ?? draft.place.spelling, offset: draft.offset,
      on: base.kernel)
  }

  mutating func edit(_ command: Command, _ state: EditState) -> [Effect] {
    var state = state
    // Stacks are drawn from the highest address down.
    let isStack = session.map { Subject(self, $0).view(memory) == .stack } == true
    let row = Int64(clamping: rowBytes(state)) * (isStack ? -1 : 1)
    state.typed = ""
    switch command {
    case .left: state.draft.offset &-= 1
    case .right: state.draft.offset &+= 1
    case .rowUp: state.draft.offset &-= row
    case .rowDown: state.draft.offset &+= row
    case .longer: lengthen(&state.draft, by: 1)
    case .shorter: state.draft.length -= min(1, state.draft.length)
    case .wordLonger: lengthen(&state.draft, by: 16)
    case .wordShorter: state.draft.length -= min(16, state.draft.length)
    case .direction: turn(&state.draft)
    case .entry: cycleEntry(&state.draft, by: 1)
    case .entryBack: cycleEntry(&state.draft, by: -1)
    case .constant: state.draft.isConstant.toggle()
    case .objectSize: toggleObjectSize(&state)
    case .field: state.field = state.field == .start ? .length : .start
    case .allocator, .architecture:
      guard state.exercise == nil else {
        message = StatusMessage("an exercise is asked on the lesson's own machine", .warning)
        return []
      }
      return rebuild(command, state)
    case .era: cycleEra(&state.base, by: 1)
    case .eraBack: cycleEra(&state.base, by: -1)
    case .exercise:
      nextExercise()
      return []
    case .hint:
      hint(state)
      return []
    case .accept:
      guard let asked = state.exercise else { return accept(state) }
      handIn(state, asked)
      return []
    case .cancel:
      mode = .browse
      if let asked = state.exercise, session?.handmade == 0 { move { $0.seek(asked.from) } }
      return []
    default: return shared(command)
    }
    fitValue(&state.draft, grown: command == .longer || command == .wordLonger)
    show(state)
    return []
  }

  /// `get_user()` and `put_user()` move values of a few sizes: the next one the way the length was changed.
  private func fitValue(_ draft: inout Action.Copy, grown: Bool) {
    guard let sizes = draft.entry.valueSizes else { return }
    let length = draft.length
    let next = grown ? sizes.first { $0 >= length } : sizes.last { $0 <= length }
    draft.length = next ?? (grown ? sizes.last : sizes.first) ?? length
  }

  /// Judges a changed draft and shows it; drafts that cannot be judged change nothing.
  mutating func show(_ state: EditState) {
    let name = state.isTrial ? state.report.place : nil
    guard let report = Self.report(state.draft, on: state.base, name: name) else { return }
    var state = state
    state.report = report
    state.exercise?.answer = nil
    mode = .edit(state)
    scrolls[.check] = nil
  }

  private func lengthen(_ draft: inout Action.Copy, by bytes: UInt64) {
    let (sum, overflow) = draft.length.addingReportingOverflow(bytes)
    draft.length = overflow ? .max : sum
  }

  private func rowBytes(_ state: EditState) -> UInt64 {
    let kernel = state.base.kernel
    if let (slab, _) = kernel.object(at: state.report.outcome.attempt.kernel) {
      return kernel.caches[kernel.slabs[slab].cache].stride
    }
    return kernel.configuration.wordSize.bytes
  }

  mutating func accept(_ state: EditState) -> [Effect] {
    guard !state.isTrial else {
      message = StatusMessage(
        keymap.telling(
          "this copy goes with its call and is only tried here", [.command: "makes another call"]),
        .warning)
      return []
    }
    let era = state.base.era.id
    let judgedElsewhere = session?.world.era.id != era
    byHand { session in
      if let configuration = state.configuration, let other = try? session.rebuilt(configuration) {
        session = other
      }
      if state.replaces {
        session.replace(.copy(state.draft))
      } else {
        if case .copy? = session.next?.action, session.next?.action == .copy(state.draft) {
          _ = session.forward()
        } else {
          session.insert(.copy(state.draft), say: Session.madeByHand)
        }
      }
      if judgedElsewhere { session.rejudge(under: era) }
    }
    mode = .browse
    arrived()
    return []
  }

  /// The entry points one can choose while editing, a pair for each way.
  static let editableEntries: [(to: EntryPoint, from: EntryPoint)] = [
    (.copyToUser, .copyFromUser), (.copyToUserUnchecked, .copyFromUserUnchecked),
    (.copyToUserInatomic, .copyFromUserInatomic), (.copyToUserNocheck, .copyFromUserNocheck),
    (.copyToUser, .copyFromUserNocache), (.copyToUser, .strncpyFromUser), (.putUser, .getUser),
    (.probeKernelWrite, .probeKernelRead),
  ]

  private func turn(_ draft: inout Action.Copy) {
    let entry = draft.entry
    let to = (draft.direction ?? entry.direction) == .toUser
    draft.direction = nil
    if let pair = Self.editableEntries.first(where: { (to ? $0.to : $0.from) == entry }) {
      draft.entry = to ? pair.from : pair.to
    } else {
      draft.entry = to ? .copyFromUser : .copyToUser
    }
  }

  private func cycleEntry(_ draft: inout Action.Copy, by step: Int) {
    let to = (draft.direction ?? draft.entry.direction) == .toUser
    var entries: [EntryPoint] = []
    for pair in Self.editableEntries {
      let entry = to ? pair.to : pair.from
      if !entries.contains(entry) { entries.append(entry) }
    }
    let now = entries.firstIndex(of: draft.entry) ?? 0
    draft.entry = entries[((now + step) % entries.count + entries.count) % entries.count]
    draft.direction = nil
  }

  private func cycleEra(_ base: inout World, by step: Int) {
    guard let now = Era.all.firstIndex(of: base.era) else { return }
    let count = Era.all.count
    let next = Era.all[((now + step) % count + count) % count]
    base = World.step(base, .era(next.id)).0
  }
}
