/// The history of a world that is a value: every step kept, any point reached again.
///
/// Worlds are kept at every `stride`-th step; the ones between are played again from the nearest
/// one before, so memory grows with actions and events and a seek costs at most `stride` steps.
public struct Timeline<World: Sendable, Action: Sendable, Event: Sendable>: Sendable {
  /// One step of the history.
  public struct Step: Sendable {
    /// What was done.
    public var action: Action
    /// What happened during it.
    public var events: [Event]
  }

  /// Plays one action on a world: the world after it and what happened.
  public typealias Rule = @Sendable (World, Action) -> (World, [Event])

  private let rule: Rule
  private let stride: Int
  private var checkpoints: [World]
  /// The steps recorded, oldest first.
  public private(set) var steps: [Step] = []
  /// How many steps lie behind the current world.
  public private(set) var position = 0
  /// The world at `position`.
  public private(set) var world: World
  /// The world one step earlier, if there is one.
  public private(set) var previous: World?

  /// A history that starts at `world`.
  ///
  /// - Parameters:
  ///   - world: the world at position 0.
  ///   - stride: steps between kept worlds, at least 1.
  ///   - rule: what an action does to a world.
  public init(start world: World, stride: Int = 32, rule: @escaping Rule) {
    self.rule = rule
    self.stride = max(1, stride)
    self.world = world
    checkpoints = [world]
  }

  /// Steps recorded.
  public var count: Int { steps.count }

  /// What happened in the step that led to `position`.
  public var events: [Event] { position > 0 ? steps[position - 1].events : [] }

  /// Plays `action` after the current position; steps behind it are forgotten.
  @discardableResult
  public mutating func record(_ action: Action) -> [Event] {
    truncate()
    let (next, events) = rule(world, action)
    steps.append(Step(action: action, events: events))
    previous = world
    world = next
    position += 1
    if position.isMultiple(of: stride) { checkpoints.append(next) }
    return events
  }

  /// Forgets the steps behind the current position.
  public mutating func truncate() {
    guard position < steps.count else { return }
    steps.removeSubrange(position...)
    checkpoints.removeSubrange((position / stride + 1)...)
  }

  /// The history as it stood inside the step that led to `position`: its events so far, and the world then.
  public func inside(_ world: World, events: [Event]) -> Timeline {
    guard position > 0 else { return self }
    var history = self
    history.world = world
    history.steps[position - 1].events = events
    return history
  }

  /// Goes to `position`, clamped to what was recorded.
  public mutating func seek(_ wanted: Int) {
    let target = min(max(0, wanted), steps.count)
    guard target != position else { return }
    if target == position + 1 {
      previous = world
      world = rule(world, steps[position].action).0
    } else {
      previous = target > 0 ? world(at: target - 1) : nil
      world = previous.map { rule($0, steps[target - 1].action).0 } ?? checkpoints[0]
    }
    position = target
  }

  /// The world after `index` steps, clamped to what was recorded.
  public func world(at index: Int) -> World {
    let target = min(max(0, index), steps.count)
    if target == position { return world }
    let kept = min(target / stride, checkpoints.count - 1)
    return steps[(kept * stride)..<target].reduce(checkpoints[kept]) { rule($0, $1.action).0 }
  }
}
