public import Usercopy

/// A copy the student is asked to make, and what must hold of it.
public struct Exercise: Sendable, Hashable {
  /// The question.
  public var ask: String
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
  }

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
    /// The copy names something that is not there.
    case impossible(ActionError)
    /// An era that should let it pass does not.
    case notAllowed(era: String, Verdict)
    /// An era lets it pass, but no byte moves.
    case nothingMoved(era: String)
    /// An era that should refuse it does not.
    case notDenied(era: String, Verdict)
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
    do throws(ActionError) { outcomes = try world.verdicts(copy) } catch {
      return [.impossible(error)]
    }
    var missing: [Missing] = []
    if !entries.isEmpty, !entries.contains(copy.entry) {
      missing.append(.otherEntry(copy.entry, asked: entries))
    }
    if let attempt = outcomes.first?.attempt { missing += shape(world, attempt) }
    for outcome in outcomes {
      if allow.contains(outcome.era) { missing += passing(world, outcome) }
      if deny.contains(outcome.era), outcome.verdict != .deny {
        missing.append(.notDenied(era: outcome.era, outcome.verdict))
      }
    }
    return missing
  }

  private func shape(_ world: World, _ attempt: CopyAttempt) -> [Missing] {
    var missing: [Missing] = []
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
    guard let leaks else { return [] }
    let bytes = world.kernel.leaks(outcome).reduce(UInt64(0)) { $0 &+ $1.length }
    if leaks, bytes == 0 { return [.noLeak(era: outcome.era)] }
    if !leaks, bytes > 0 { return [.leak(era: outcome.era, bytes: bytes)] }
    return []
  }

  /// A copy to begin with: all of the place asked for, or of the newest thing of the region.
  public func draft(on world: World) -> Action.Copy? {
    let wanted = place ?? world.newest(in: region)
    guard let wanted, let length = world.extent(of: wanted) else { return nil }
    return Action.Copy(
      entry: entries.first ?? .copyToUser, place: wanted, length: min(length, maxLength ?? length))
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
        address >= slab.base && address &- slab.base < kernel.caches[slab.cache].slabBytes
      }
    }
  }

  /// The newest live object, or the innermost function's first local.
  func newest(in region: Exercise.Region?) -> Place? {
    let objects = names.filter { $0.value.kind == .object && $0.value.isLive }
    let object = objects.max { ($0.value.address, $0.key) < ($1.value.address, $1.key) }?.key
    let local = kernel.currentStack.frames.last?.locals.first?.name
    let name = region == .stack ? local : region == .slab ? object : object ?? local
    return name.map { .named($0) }
  }
}
