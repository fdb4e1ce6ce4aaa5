/// The history of a world that is a value: every step kept, any point reached again.
///
/// Worlds are kept at every `stride`-th step; the ones between are played again from the nearest
/// one before, so a seek costs at most `stride` steps. Of what happened in a step that lies behind only what a
/// story has use for is kept. Copies of a history share what they have in common.
public struct Timeline<World: Sendable, Action: Sendable, Event: Sendable, Kept: Sendable>: Sendable
{
  /// One step of the history.
  public struct Step: Sendable {
    /// What was done.
    public var action: Action
    /// What is kept of what happened during it.
    public var kept: [Kept]
  }

  /// Plays one action on a world: the world after it and what happened.
  public typealias Rule = @Sendable (World, Action) -> (World, [Event])
  /// What is kept of an event; nil for nothing.
  public typealias Keeping = @Sendable (Event) -> Kept?

  private let rule: Rule
  private let keeping: Keeping
  private let stride: Int
  private var checkpoints: GrowingList<World>
  /// The steps recorded, oldest first.
  public private(set) var steps: GrowingList<Step> = []
  /// How many steps lie behind the current world.
  public private(set) var position = 0
  /// The world at `position`.
  public private(set) var world: World
  /// The world one step earlier, if there is one.
  public private(set) var previous: World?
  /// What happened in the step that led to `position`.
  public private(set) var events: [Event] = []
  /// Worlds that a way back has come by, one a step: the next step back is likely to want them.
  private var passed: (first: Int, worlds: [World]) = (0, [])

  /// A history that starts at `world`.
  ///
  /// - Parameters:
  ///   - world: the world at position 0.
  ///   - stride: steps between kept worlds, at least 1.
  ///   - keeping: what is kept of an event once its step lies behind.
  ///   - rule: what an action does to a world.
  public init(
    start world: World, stride: Int = 32, keeping: @escaping Keeping, rule: @escaping Rule
  ) {
    self.rule = rule
    self.keeping = keeping
    self.stride = max(1, stride)
    self.world = world
    checkpoints = [world]
  }

  /// Steps recorded.
  public var count: Int { steps.count }

  /// Plays `action` after the current position; steps behind it are forgotten.
  @discardableResult
  public mutating func record(_ action: Action) -> [Event] {
    truncate()
    step(action)
    steps.append(Step(action: action, kept: events.compactMap(keeping)))
    position += 1
    if position.isMultiple(of: stride) { checkpoints.append(world) }
    return events
  }

  private mutating func step(_ action: Action) {
    let (next, events) = rule(world, action)
    (previous, world, self.events) = (world, next, events)
  }

  /// Forgets the steps behind the current position.
  public mutating func truncate() {
    guard position < steps.count else { return }
    steps.keep(first: position)
    checkpoints.keep(first: position / stride + 1)
    let valid = max(0, position + 1 - passed.first)
    if passed.worlds.count > valid { passed.worlds.removeSubrange(valid...) }
  }

  /// The history as it stood inside the step that led to `position`: its events so far, and the world then.
  public func inside(_ world: World, events: [Event]) -> Timeline {
    guard position > 0 else { return self }
    var history = self
    (history.world, history.events) = (world, events)
    history.steps.change(position - 1) { $0.kept = events.compactMap(keeping) }
    return history
  }

  /// Goes to `position`, clamped to what was recorded.
  public mutating func seek(_ wanted: Int) {
    let target = min(max(0, wanted), steps.count)
    guard target != position else { return }
    if target == 0 {
      (previous, world, events) = (nil, checkpoints[0], [])
    } else {
      if target != position + 1 { world = passing(target - 1) }
      step(steps[target - 1].action)
    }
    position = target
  }

  /// The world after `index` steps, and those on the way to it from the world kept before it.
  private mutating func passing(_ index: Int) -> World {
    if let known = passed.worlds[checked: index - passed.first] { return known }
    let kept = index / stride
    var worlds = [checkpoints[kept]]
    for step in steps[(kept * stride)..<index] {
      worlds.append(rule(worlds[worlds.count - 1], step.action).0)
    }
    passed = (kept * stride, worlds)
    return worlds[worlds.count - 1]
  }

  /// The world after `index` steps, clamped to what was recorded.
  public func world(at index: Int) -> World {
    let target = min(max(0, index), steps.count)
    if target == position { return world }
    let kept = min(target / stride, checkpoints.count - 1)
    return steps[(kept * stride)..<target].reduce(checkpoints[kept]) { rule($0, $1.action).0 }
  }
}

extension Array {
  /// The element there, nil where there is none.
  fileprivate subscript(checked index: Int) -> Element? {
    indices.contains(index) ? self[index] : nil
  }
}
