public import Usercopy

/// What the student is asked to make or to say, and what must hold of it.
public struct Exercise: Sendable, Equatable {
  /// The question.
  public var ask: String
  /// What is handed in.
  public var task = Task.copy
  /// Why a right answer is right, a sentence; empty for none.
  public var because = ""
  /// Steps that answer it; none where the task itself says the answer.
  public var solution: [ScriptStep] = []
  /// Ids of the eras that must let the copy pass and move bytes.
  public var allow: [String]
  /// Ids of the eras whose checks must refuse it.
  public var deny: [String]
  /// What helps, in the order it is told.
  public var hints: [String]
  /// Whether every era of `allow` must hand out bytes that are not the object's own, or none may;
  /// nil asks for neither.
  public var leaks: Bool?
  /// Where the copy must start: inside that object, local or area.
  public var place: Place?
  /// Entry points to choose from; empty for any.
  public var entries: [EntryPoint]
  /// Which way the bytes must go; nil for either.
  public var direction: CopyDirection?
  /// Text that must be among the bytes handed out under every era of `allow`; empty for none.
  public var reveals: String = ""
  /// A check must have been asked under every era of `allow`: no entry point without a check and no length
  /// that is a constant will do.
  public var isChecked = false
  /// Every era of `allow` must warn about the copy.
  public var warns = false
  /// Most bytes the copy may ask for.
  public var maxLength: UInt64?
  /// The kind of memory the copy must start in.
  public var region: Region?
  /// Steps done when the copy is made.
  public var step: Int
  /// Where the parts stand in the scenario file: `name`, `place`.
  public var marks: [String: SourceMark] = [:]

  /// Kinds of kernel memory that have a check of their own.
  public enum Region: String, Sendable, Hashable, CaseIterable {
    case slab
    case stack
    /// Behind the last object of a slab.
    case slabTail = "slab-tail"
  }

  /// An exercise that asks this.
  public init(
    ask: String, allow: [String] = [], deny: [String] = [], hints: [String] = [],
    leaks: Bool? = nil, place: Place? = nil, entries: [EntryPoint] = [], maxLength: UInt64? = nil,
    region: Region? = nil, step: Int = 0
  ) {
    self.ask = ask
    self.allow = allow
    self.deny = deny
    self.hints = hints
    self.leaks = leaks
    self.place = place
    self.entries = entries
    self.maxLength = maxLength
    self.region = region
    self.step = step
  }

  /// A part of the exercise a copy does not meet.
  public enum Missing: Sendable, Hashable {
    /// No step is of the kind asked for; empty for none at all.
    case noSuchStep(String)
    case tooManySteps(Int, limit: Int)
    /// A step, by its number among those handed in, came out otherwise.
    case otherwise(step: Int, Expectation.Miss)
    /// The host has not configured the device.
    case notConfigured
    case otherNumber
    /// The copy names something that is not there.
    case impossible(ActionError)
    /// An era that should let it pass does not.
    case notAllowed(era: String, Verdict)
    /// An era lets it pass, but no byte moves.
    case nothingMoved(era: String)
    /// An era that should refuse it does not.
    case notDenied(era: String, Verdict)
    /// It is refused, but for the user's side of the copy.
    case userSide(era: String)
    /// An era lets it pass without having checked anything.
    case unchecked(era: String)
    case noWarning(era: String)
    /// The text asked for is not among the bytes that go out.
    case notRevealed(String)
    case otherDirection(CopyDirection)
    /// Under that era only the object's own bytes go.
    case noLeak(era: String)
    /// Under that era so many bytes go that are not the object's own.
    case leak(era: String, bytes: UInt64)
    case startsOutside(Place)
    case otherEntry(EntryPoint, asked: [EntryPoint])
    case tooLong(UInt64, limit: UInt64)
    case outsideRegion(Region)
  }

  /// Every part of the exercise that `copy`, made on `world`, does not meet; empty accepts it.
  public func judge(world: World, copy: Action.Copy) -> [Missing] {
    let outcomes: [CopyOutcome]
    do throws(ActionError) { outcomes = try world.verdicts(copy, recording: isChecked) } catch {
      return [.impossible(error)]
    }
    var missing: [Missing] = []
    if !entries.isEmpty, !entries.contains(copy.entry) {
      missing.append(.otherEntry(copy.entry, asked: entries))
    }
    if let attempt = outcomes.first?.attempt { missing += shape(world, attempt) }
    for outcome in outcomes {
      if allow.contains(outcome.era) { missing += passing(world, outcome) }
      if deny.contains(outcome.era) { missing += refused(outcome) }
    }
    var seen: Set<Missing> = []
    return missing.filter { seen.insert($0).inserted }
  }

  private func shape(_ world: World, _ attempt: CopyAttempt) -> [Missing] {
    var missing: [Missing] = []
    if let direction, attempt.direction != direction {
      missing.append(.otherDirection(direction))
    }
    if let place, !world.covers(place, attempt.kernel) { missing.append(.startsOutside(place)) }
    if let region, !world.lies(attempt.kernel, in: region) {
      missing.append(.outsideRegion(region))
    }
    if let maxLength, attempt.length > maxLength {
      missing.append(.tooLong(attempt.length, limit: maxLength))
    }
    return missing
  }

  private func passing(_ world: World, _ outcome: CopyOutcome) -> [Missing] {
    guard outcome.verdict == .allow else {
      return [.notAllowed(era: outcome.era, outcome.verdict)]
    }
    guard outcome.copied > 0 else { return [.nothingMoved(era: outcome.era)] }
    if isChecked, outcome.gates.isEmpty { return [.unchecked(era: outcome.era)] }
    if warns, !outcome.usedUpWarning { return [.noWarning(era: outcome.era)] }
    if !reveals.isEmpty, !world.shows(reveals, outcome) { return [.notRevealed(reveals)] }
    guard let leaks else { return [] }
    let bytes = world.kernel.leakedBytes(outcome)
    if leaks, bytes == 0 { return [.noLeak(era: outcome.era)] }
    if !leaks, bytes > 0 { return [.leak(era: outcome.era, bytes: bytes)] }
    return []
  }

  private func refused(_ outcome: CopyOutcome) -> [Missing] {
    guard outcome.verdict == .deny else {
      return [.notDenied(era: outcome.era, outcome.verdict)]
    }
    return outcome.isCaught ? [] : [.userSide(era: outcome.era)]
  }

  /// The steps that answer it, whether they were written down or are the task's own.
  public var answer: [Action] {
    if case .order(let steps) = task { return steps.map(\.action) }
    return solution.map(\.action)
  }

  /// A copy to begin with that is not the answer yet: all of the place, else less of it.
  public func openDraft(on world: World) -> Action.Copy? {
    guard let whole = draft(on: world) else { return nil }
    let drafts = [whole.length, 1, whole.length / 2, 0].map { length in
      var draft = whole
      draft.length = length
      return draft
    }
    return drafts.first { !judge(world: world, copy: $0).isEmpty } ?? whole
  }

  /// A copy to begin with: all of the place asked for, or of the newest thing of the region.
  public func draft(on world: World) -> Action.Copy? {
    let wanted = place ?? world.newest(in: region)
    guard let wanted, let length = world.extent(of: wanted) else { return nil }
    return Action.Copy(
      entry: entries.first ?? (direction == .fromUser ? .copyFromUser : .copyToUser), place: wanted,
      length: min(length, maxLength ?? length))
  }
}

extension World {
  /// Bytes of what a place names; 1 for spots and bare addresses, nil for what is not there.
  func extent(of place: Place) -> UInt64? {
    guard (try? resolve(place)) != nil else { return nil }
    guard case .named(let name) = place else { return 1 }
    if let named = names[name] { return named.size }
    let frames = kernel.stacks.flatMap { $0.frames + $0.deadFrames }
    return frames.lazy.flatMap(\.locals).first { $0.name == name }?.size
      ?? member(name)?.field.size
  }

  /// Whether an address lies inside what a place names.
  func covers(_ place: Place, _ address: Address) -> Bool {
    guard let start = try? resolve(place), let size = extent(of: place) else { return false }
    return address >= start && address &- start < max(1, size)
  }

  /// Whether an address lies on the running task's stack, or in a slab.
  func lies(_ address: Address, in region: Exercise.Region) -> Bool {
    switch region {
    case .stack: address >= kernel.currentStack.base && address < kernel.currentStack.end
    case .slab:
      kernel.slabs.contains { slab in
        !slab.isGone && address >= slab.base
          && address &- slab.base < kernel.caches[slab.cache].slabBytes
      }
    case .slabTail:
      kernel.slabs.contains { slab in
        let end = tail(slab)
        return !slab.isGone && address >= end.start && address &- end.start < end.length
      }
    }
  }

  /// What is left of a slab's pages behind its last slot.
  private func tail(_ slab: Slab) -> ByteRange {
    let cache = kernel.caches[slab.cache]
    let used = (slab.firstSlot &- slab.base) &+ cache.stride * UInt64(slab.objects.count)
    return ByteRange(
      start: slab.base &+ used, length: cache.slabBytes &- min(used, cache.slabBytes))
  }

  /// Whether a text is among the bytes a copy hands out.
  func shows(_ text: String, _ outcome: CopyOutcome) -> Bool {
    let wanted = Array(text.utf8)
    guard outcome.attempt.direction == .toUser, outcome.copied >= UInt64(wanted.count) else {
      return false
    }
    let bytes = kernel.memory.read(
      outcome.attempt.kernel, count: Int(clamping: min(outcome.copied, 1 << 20)))
    return bytes.holds(wanted)
  }

  /// The newest live object, or the innermost function's first local.
  func newest(in region: Exercise.Region?) -> Place? {
    let objects = names.filter { $0.value.kind == .object && $0.value.isLive }
    let object = objects.max { ($0.value.address, $0.key) < ($1.value.address, $1.key) }?.key
    let local = kernel.currentStack.frames.last?.locals.first?.name
    let name: String? =
      switch region {
      case .stack: local
      case .slab: object
      case .slabTail: lastOfSlab
      case nil: object ?? local
      }
    return name.map { .named($0) }
  }

  /// The live object of a last slot with bytes behind it.
  private var lastOfSlab: String? {
    names.filter { name in
      guard name.value.kind == .object, name.value.isLive else { return false }
      return kernel.slabs.contains { slab in
        let end = tail(slab)
        return end.length > 0 && slab.base <= name.value.address
          && name.value.address &+ kernel.caches[slab.cache].stride == end.start
      }
    }.keys.min()
  }
}

extension [UInt8] {
  /// Whether these bytes hold others in a row, in time that grows with both lengths (Knuth, Morris, Pratt).
  fileprivate func holds(_ wanted: [UInt8]) -> Bool {
    guard !wanted.isEmpty else { return true }
    var borders = [0]
    borders.reserveCapacity(wanted.count)
    for byte in wanted.dropFirst() {
      borders.append(wanted.matched(byte, after: borders[borders.count - 1], borders))
    }
    var matched = 0
    for byte in self {
      matched = wanted.matched(byte, after: matched, borders)
      if matched == wanted.count { return true }
    }
    return false
  }

  /// How many of the first bytes are matched by a byte that follows on `count` of them.
  private func matched(_ byte: UInt8, after count: Int, _ borders: [Int]) -> Int {
    var count = count
    while count > 0, self[count] != byte { count = borders[count - 1] }
    return self[count] == byte ? count + 1 : 0
  }
}
