public import RawGadget
import USB

/// The same steps on two versions of the raw-gadget driver, call by call.
public struct DriverComparison: Sendable, Equatable {
  /// What a version of the driver made of a call.
  public enum Answer: Sendable, Equatable {
    case returned(CallResult)
    /// It had not returned when the last step was over.
    case blocked
    /// It could not be made: the file was never opened, or the thread sleeps.
    case impossible
  }

  /// How far two answers are apart.
  public enum Difference: Sendable, Equatable {
    case none
    /// The same error from another check.
    case reason
    case result
  }

  /// One call and what became of it on either side.
  public struct Row: Sendable, Equatable {
    /// The step that made it, from 1.
    public var step: Int
    /// The call.
    public var call: CallRecord.Call
    /// The thread that makes it.
    public var thread: String
    /// What the first version answers.
    public var first: Answer
    /// What the second version answers.
    public var second: Answer
    /// What the versions do differently that makes the answers differ.
    public var traits: [DriverTrait] = []

    /// How the answers differ, which is not by the addresses and bytes they are about.
    public var difference: Difference {
      switch (first, second) {
      case (.returned(let left), .returned(let right)):
        if left.ret != right.ret || left.errno != right.errno { return .result }
        return left.refusal == right.refusal ? .none : .reason
      default: return first == second ? .none : .result
      }
    }
  }

  /// One version.
  public let first: DriverPolicy
  /// The version it is compared with.
  public let second: DriverPolicy
  /// The calls in the order they are made.
  public private(set) var rows: [Row]

  /// Plays the steps of a script on both versions.
  ///
  /// What makes two answers differ is found by playing the steps again on versions that differ from
  /// one of the two in a single thing.
  ///
  /// - Throws: when the script cannot be started.
  public init(
    _ script: Script, first: DriverPolicy = .v1_2019, second: DriverPolicy? = nil
  ) throws(ActionError) {
    self.first = first
    self.second = second ?? (script.driver == first ? .linux6_1 : script.driver)
    let left = try Self.answers(script, self.first)
    let right = try Self.answers(script, self.second)
    rows = zip(Self.calls(script), zip(left, right)).map { call, answers in
      Row(
        step: call.step, call: call.call, thread: call.thread, first: answers.0, second: answers.1)
    }
    try explain(script)
  }

  /// A trait is behind a difference when the older version, given it, answers as the newer one
  /// does. Where no single one is enough, it is when the newer one without it answers otherwise.
  private mutating func explain(_ script: Script) throws(ActionError) {
    guard rows.contains(where: { $0.difference != .none }) else { return }
    let traits = first.traits(apartFrom: second)
    for trait in traits {
      let changed = try Self.answers(script, first.adopting(trait, of: second))
      attribute(trait) { index, row in
        var other = row
        other.first = changed[index]
        return other.difference == .none
      }
    }
    guard rows.contains(where: { $0.difference != .none && $0.traits.isEmpty }) else { return }
    let unexplained = Set(
      rows.indices.filter { rows[$0].difference != .none && rows[$0].traits.isEmpty })
    for trait in traits {
      let changed = try Self.answers(script, second.adopting(trait, of: first))
      attribute(trait) { index, row in
        var other = row
        other.first = changed[index]
        return unexplained.contains(index) && other.difference != .none
      }
    }
  }

  private mutating func attribute(_ trait: DriverTrait, when isBehind: (Int, Row) -> Bool) {
    for index in rows.indices
    where rows[index].difference != .none && isBehind(index, rows[index]) {
      rows[index].traits.append(trait)
    }
  }

  // MARK: Playing

  private struct Call {
    var step: Int
    var call: CallRecord.Call
    var thread: String
  }

  /// The calls on the driver among the steps.
  private static func calls(_ script: Script) -> [Call] {
    script.steps.enumerated().compactMap { index, step in
      driverCall(step.action).map { Call(step: index + 1, call: $0, thread: $1) }
    }
  }

  /// The call on the driver that a step makes, and the thread that makes it; nil for other steps.
  private static func driverCall(_ action: Action) -> (CallRecord.Call, thread: String)? {
    switch action {
    case .open(_, let nonblocking): (.open(nonblocking: nonblocking), "main")
    case .close(let file): (.close(file: file), "main")
    case .ioctl(let ioctl): (.ioctl(ioctl.request, ioctl.argument), ioctl.thread)
    case .alloc, .free, .call, .return, .vmalloc, .pages, .user, .image, .module, .kmap, .task,
      .run, .write, .copy, .era, .note, .host, .gadgetfs, .wait, .signal:
      nil
    }
  }

  /// What that version answers to each of the calls.
  private static func answers(
    _ script: Script, _ driver: DriverPolicy
  ) throws(ActionError) -> [Answer] {
    var script = script
    script.driver = driver
    var world = try script.start()
    var answers: [Answer] = []
    /// Calls that sleep, by thread: a thread sleeps in one call at most.
    var sleeping: [String: Int] = [:]
    for step in script.steps {
      let (next, events) = World.step(world, step.action)
      world = next
      if let thread = driverCall(step.action)?.thread {
        let answer = refused(events) ? Answer.impossible : Self.answer(world, thread)
        if answer == .blocked { sleeping[thread] = answers.count }
        answers.append(answer)
      }
      for (thread, index) in sleeping {
        let now = answer(world, thread)
        if now != .blocked {
          answers[index] = now
          sleeping[thread] = nil
        }
      }
    }
    return answers
  }

  private static func refused(_ events: [Event]) -> Bool {
    events.contains { if case .refused = $0 { true } else { false } }
  }

  /// What became of the last call of a thread.
  private static func answer(_ world: World, _ thread: String) -> Answer {
    let call = world.gadget?.calls.last { $0.thread == thread }
    guard case .returned(let result)? = call?.state else {
      return call?.state == .blocked ? .blocked : .impossible
    }
    return .returned(result)
  }
}
