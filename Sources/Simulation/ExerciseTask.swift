import GadgetWorld
import RawGadget
import UsbHost
import Usercopy

extension Exercise {
  /// What is handed in.
  public enum Task: Sendable, Equatable {
    /// A copy; the conditions are the exercise's own.
    case copy
    /// Steps of one's own, one of which must come out so.
    case steps(Goal)
    /// The same steps in an order in which each does what is expected of it.
    case order([ScriptStep])
    /// A number.
    case number(Question)
  }

  /// What one of the steps must come to.
  public struct Goal: Sendable, Equatable {
    /// The call's name, or the word of another action: `EP_SET_HALT`, `gadgetfs-write`; empty for any.
    public var does: String
    /// What must come of it.
    public var expect: Expectation
    /// The host must have configured the device by then.
    public var isConfigured: Bool
    /// Most steps that may be made.
    public var most: Int

    /// A goal for a step.
    public init(
      does: String, expect: Expectation = Expectation(), isConfigured: Bool = false,
      most: Int = Self.usualMost
    ) {
      (self.does, self.expect, self.isConfigured, self.most) = (does, expect, isConfigured, most)
    }

    /// Steps that may be made where nothing else is said.
    public static let usualMost = 8
  }

  /// A number that is asked for; the machine computes it.
  public enum Question: Sendable, Equatable {
    /// What an action would come to.
    case outcome(Count, of: Action)
    /// Bytes from the start of one place to the start of another.
    case distance(from: Place, to: Place)
  }

  /// A number an action comes to.
  public enum Count: String, Sendable, Hashable, CaseIterable {
    case copied
    case notCopied = "not-copied"
    /// Bytes handed out, or overwritten, that are not the copy's own.
    case leaked
    /// What the copy function returns.
    case returned
    /// What a call on a device returns.
    case ret
    /// The most bytes the era lets a copy from that start move, all of them.
    case most

    /// Those that only a copy has.
    public static let ofCopies: [Count] = [.returned, .most]
  }

  /// Longest copy that is tried when the longest is asked for, bytes.
  public static let longestTried: UInt64 = 1 << 14

  /// The number asked for; nil where no number is, or the machine has none.
  public func number(on world: World) -> Int64? {
    guard case .number(let question) = task else { return nil }
    switch question {
    case .distance(let from, let to):
      guard let low = try? world.resolve(from), let high = try? world.resolve(to) else {
        return nil
      }
      return Int64(bitPattern: high &- low)
    case .outcome(.most, let action):
      guard case .copy(let copy) = action else { return nil }
      return world.longest(copy)
    case .outcome(let count, let action): return world.count(count, of: action)
    }
  }

  /// Every part of the exercise that these steps, made on `world`, do not meet; empty accepts them.
  public func judge(world: World, steps: [Action]) -> [Missing] {
    switch task {
    case .copy:
      guard case .copy(let copy)? = steps.last else { return [.noSuchStep("copy")] }
      return judge(world: world, copy: copy)
    case .steps(let goal): return goal.judge(world, steps)
    case .order(let asked): return Self.judge(world, steps, as: asked)
    case .number: return [.otherNumber]
    }
  }

  /// Whether a number is the one asked for.
  public func judge(world: World, number: Int64) -> [Missing] {
    number == self.number(on: world) ? [] : [.otherNumber]
  }

  /// What differs first when steps are made in a row, each of those asked for once.
  private static func judge(_ start: World, _ steps: [Action], as asked: [ScriptStep]) -> [Missing]
  {
    var (world, left) = (start, asked)
    for (index, action) in steps.enumerated() {
      guard let place = left.firstIndex(where: { $0.action == action }) else {
        return [.tooManySteps(steps.count, limit: asked.count)]
      }
      let expect = left.remove(at: place).expect
      let (next, events) = World.step(world, action)
      for case .refused(let error) in events { return [.impossible(error)] }
      let misses = expect?.misses(events, before: world, after: next, action: action) ?? []
      if let first = misses.first { return [.otherwise(step: index + 1, first)] }
      world = next
    }
    return left.first.map { [.noSuchStep($0.action.word.rawValue)] } ?? []
  }
}

extension Exercise.Goal {
  /// Whether a step is of the kind asked for.
  public func isAbout(_ action: Action) -> Bool {
    guard !does.isEmpty else { return true }
    if case .ioctl(let call) = action { return call.request.name == does }
    if case .host(let call) = action { return does == "host \(call.action.name)" }
    return action.word.rawValue == does
  }

  fileprivate func judge(_ start: World, _ steps: [Action]) -> [Exercise.Missing] {
    guard steps.count <= most else { return [.tooManySteps(steps.count, limit: most)] }
    var world = start
    var missing: [Exercise.Missing] = [.noSuchStep(does)]
    for (index, action) in steps.enumerated() {
      let (next, events) = World.step(world, action)
      for case .refused(let error) in events { return [.impossible(error)] }
      defer { world = next }
      guard isAbout(action) else { continue }
      let misses = expect.misses(events, before: world, after: next, action: action)
      if let first = misses.first {
        missing = [.otherwise(step: index + 1, first)]
      } else if isConfigured, !next.hostHasConfigured {
        missing = [.notConfigured]
      } else {
        return []
      }
    }
    return missing
  }
}

extension World {
  /// The host has configured a device.
  fileprivate var hostHasConfigured: Bool {
    gadget.map { HostMoment.configured.isReached(on: $0.machine) } ?? false
  }

  /// The longest copy from a start that the era in force lets through whole; nil for what is not there.
  fileprivate func longest(_ copy: Action.Copy) -> Int64? {
    guard let attempt = try? attempt(copy) else { return nil }
    let longest = Judge(kernel, under: era, varying: attempt)
      .longest(from: attempt.kernel, upTo: Exercise.longestTried) { ruling, length in
        ruling.verdict == .allow && ruling.handedOver == length
      }
    return Int64(longest)
  }

  fileprivate func count(_ count: Exercise.Count, of action: Action) -> Int64? {
    let (next, events) = World.step(self, action)
    let reports = events.compactMap { event -> CopyReport? in
      if case .copied(let report) = event { report } else { nil }
    }
    switch count {
    case .copied: return reports.first.map { Int64(clamping: $0.outcome.copied) }
    case .notCopied: return reports.first?.outcome.notCopied.map { Int64(clamping: $0) }
    case .leaked: return reports.first.map { Int64(clamping: $0.effect.toll) }
    case .returned: return reports.first?.outcome.returned?.value
    case .ret:
      switch next.gadget?.calls.last?.state {
      case .returned(let result): return Int64(result.ret)
      case .host(let result): return Int64(result.ret)
      case .blocked, nil: return nil
      }
    case .most: return nil
    }
  }
}
