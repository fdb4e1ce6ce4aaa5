import RawGadget
public import Usercopy
public import USB

/// A script played from start to end, with what each step did and missed.
public struct Playback: Sendable {
  /// One step as it was played.
  public struct Step: Sendable {
    /// From 1.
    public var number: Int
    /// The step as the scenario has it.
    public var script: ScriptStep
    /// What it did.
    public var events: [Event]
    /// Expectations that did not hold.
    public var misses: [Expectation.Miss]
    /// The machine before the step.
    public var before: World

    /// A step that was played.
    public init(
      number: Int, script: ScriptStep, events: [Event], misses: [Expectation.Miss] = [],
      before: World
    ) {
      self.number = number
      self.script = script
      self.events = events
      self.misses = misses
      self.before = before
    }
  }

  /// The scenario that was played.
  public var script: Script
  /// The era it was judged by.
  public var era: String
  /// Its steps, played.
  public var steps: [Step]

  /// Every expectation held.
  public var held: Bool { steps.allSatisfy(\.misses.isEmpty) }

  /// Plays `script`, under `era` if given. Expectations are those of the script's own era, so
  /// under another one they are not asked.
  public init(_ script: Script, era: String? = nil) throws(ActionError) {
    self.init(
      script, from: try script.start(era: era), asks: era == nil || era == script.era)
  }

  /// Plays `script` under an era that need not be one of `Era.all`; no expectation is asked.
  public init(_ script: Script, under era: Era) {
    self.init(script, from: script.start(under: era), asks: false)
  }

  private init(_ script: Script, from start: World, asks: Bool) {
    self.script = script
    era = start.era.id
    var world = start
    steps = []
    for (index, step) in script.steps.enumerated() {
      let (next, events) = World.step(world, step.action)
      let misses =
        asks
        ? step.expect?.misses(events, before: world, after: next, action: step.action) ?? [] : []
      steps.append(
        Step(number: index + 1, script: step, events: events, misses: misses, before: world))
      world = next
    }
  }
}

extension Playback.Step {
  /// What threads are called, by their numbers, the one of this step among them.
  public var threadNames: [ThreadID: String] {
    guard var side = before.gadget else { return [:] }
    switch script.action {
    case .ioctl(let call): _ = try? side.thread(call.thread)
    case .host(let call): _ = try? side.thread(call.thread)
    case .gadgetfs(let call): _ = try? side.thread(call.thread)
    case .alloc, .free, .call, .return, .vmalloc, .pages, .user, .image, .module, .kmap, .task,
      .run, .write, .copy, .era, .note, .open, .close, .wait, .signal:
      break
    }
    return side.threadNames
  }
}
