import Grid
import Simulation
import Usercopy

/// What the keys of editing change.
extension EditState {
  /// Changes the draft and judges it anew; nil for commands that change no draft, false where the changed draft
  /// cannot be judged.
  ///
  /// - Parameter isStack: stacks are drawn from the highest address down.
  mutating func change(_ command: Command, isStack: Bool) -> Bool? {
    switch command {
    case .left: draft.offset &-= 1
    case .right: draft.offset &+= 1
    case .rowUp: draft.offset &-= rowBytes(isStack)
    case .rowDown: draft.offset &+= rowBytes(isStack)
    case .longer: lengthen(by: 1)
    case .shorter: draft.length -= min(1, draft.length)
    case .wordLonger: lengthen(by: 16)
    case .wordShorter: draft.length -= min(16, draft.length)
    case .direction: turn()
    case .entry: cycleEntry(by: 1)
    case .entryBack: cycleEntry(by: -1)
    case .constant: draft.isConstant.toggle()
    case .objectSize: toggleObjectSize()
    case .field: field = field == .start ? .length : .start
    case .era: cycleEra(by: 1)
    case .eraBack: cycleEra(by: -1)
    default: return nil
    }
    fitValue(grown: command == .longer || command == .wordLonger)
    return judge()
  }

  /// A digit or Backspace: the number of the field chosen; nil for other keys, false as for commands.
  mutating func typeNumber(_ key: Key) -> Bool? {
    if key.code == .backspace, !typed.isEmpty {
      typed.removeLast()
    } else if let scalar = key.typed, ("0"..."9").contains(scalar), typed.utf8.count < 12 {
      typed.unicodeScalars.append(scalar)
    } else {
      return nil
    }
    let number = UInt64(typed) ?? 0
    switch field {
    case .start: draft.offset = Int64(clamping: number)
    case .length: draft.length = number
    }
    return judge()
  }

  /// `get_user()` and `put_user()` move values of a few sizes: the next one the way the length was changed.
  private mutating func fitValue(grown: Bool) {
    guard let sizes = draft.entry.valueSizes else { return }
    let length = draft.length
    let next = grown ? sizes.first { $0 >= length } : sizes.last { $0 <= length }
    draft.length = next ?? (grown ? sizes.last : sizes.first) ?? length
  }

  private mutating func lengthen(by bytes: UInt64) {
    let (sum, overflow) = draft.length.addingReportingOverflow(bytes)
    draft.length = overflow ? .max : sum
  }

  /// Bytes from a row to the one below it.
  private func rowBytes(_ isStack: Bool) -> Int64 {
    let kernel = base.kernel
    var bytes = kernel.configuration.wordSize.bytes
    if let (slab, _) = kernel.object(at: report.outcome.attempt.kernel) {
      bytes = kernel.caches[kernel.slabs[slab].cache].stride
    }
    return Int64(clamping: bytes) * (isStack ? -1 : 1)
  }

  /// The entry points one can choose while editing, a pair for each way.
  static let editableEntries: [(to: EntryPoint, from: EntryPoint)] = [
    (.copyToUser, .copyFromUser), (.copyToUserUnchecked, .copyFromUserUnchecked),
    (.copyToUserInatomic, .copyFromUserInatomic), (.copyToUserNocheck, .copyFromUserNocheck),
    (.copyToUser, .copyFromUserNocache), (.copyToUser, .strncpyFromUser), (.putUser, .getUser),
    (.probeKernelWrite, .probeKernelRead),
  ]

  private mutating func turn() {
    let entry = draft.entry
    let to = (draft.direction ?? entry.direction) == .toUser
    draft.direction = nil
    if let pair = Self.editableEntries.first(where: { (to ? $0.to : $0.from) == entry }) {
      draft.entry = to ? pair.from : pair.to
    } else {
      draft.entry = to ? .copyFromUser : .copyToUser
    }
  }

  private mutating func cycleEntry(by step: Int) {
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

  private mutating func cycleEra(by step: Int) {
    guard let next = Era.all.element(step, behind: base.era) else { return }
    base = World.step(base, .era(next.id)).0
  }

  /// The compiler knows how large the object is, or not.
  private mutating func toggleObjectSize() {
    guard draft.objectSize == nil else {
      draft.objectSize = nil
      return
    }
    draft.objectSize = size(of: draft.place) ?? 64
  }

  private func size(of place: Place) -> UInt64? {
    guard case .named(let name) = place else { return nil }
    return base.names[name]?.size ?? base.kernel.local(named: name)?.size
  }
}

// MARK: Another machine

extension EditState {
  /// The copy on the next machine on which the story can be told, everything up to it played again there; false
  /// when there is no other.
  mutating func rebuild(_ command: Command, _ session: Session) -> Bool {
    var configuration = base.kernel.configuration
    let machines =
      command == .allocator ? Allocator.allCases.count : Architecture.allCases.count
    for _ in 1..<machines {
      if command == .allocator {
        let next = Allocator.allCases.element(1, behind: configuration.allocator)
        configuration.allocator = next ?? configuration.allocator
      } else {
        let next = Architecture.allCases.element(1, behind: configuration.architecture)
        configuration = configuration.built(for: next ?? configuration.architecture)
      }
      guard let base = base(session, configuration),
        let report = Self.report(draft, on: base)
      else { continue }
      (self.base, self.report, self.configuration) = (base, report, configuration)
      return true
    }
    return false
  }

  /// The machine the draft is judged on, played again with another configuration.
  private func base(_ session: Session, _ configuration: Configuration) -> World? {
    guard var other = try? session.rebuilt(configuration) else { return nil }
    if replaces { _ = other.back() }
    return World.step(other.world, .era(base.era.id)).0
  }
}
