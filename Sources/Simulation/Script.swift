public import GadgetWorld
public import RawGadget
public import Usercopy
import USB

/// A scenario as data: the machine, its caches, and steps with what they should do.
public struct Script: Sendable {
  /// File name without its ending.
  public var id: String
  /// What it is called.
  public var title: String
  /// One sentence a lecturer would say.
  public var about: String
  /// Where the story comes from: a CVE, a commit, a report.
  public var source: String
  /// What to take home.
  public var remember: String
  /// The language its words are in, a tag such as `de`; empty for English.
  public var language = ""
  /// The kernel it plays on.
  public var configuration: Configuration
  /// The era that judges, by id.
  public var era: String
  /// The once-per-boot warning was printed before the first step.
  public var warnedOnce = false
  /// The raw-gadget driver's version where the scenario names one.
  public var chosenDriver: DriverPolicy?
  /// The controllers and the host's drivers.
  public var setup = GadgetSetup()
  /// Caches that are there before the first step.
  public var caches: [CacheRequest]
  /// Where the kernel keeps its parts; nil for as the release lays them out.
  public var layout: AddressLayout?
  /// Slabs of a real kernel that are there before the first step.
  public var slabs: [FoundSlab] = []
  /// Stacks of a real kernel's tasks; the last one's task runs.
  public var stacks: [FoundStack] = []
  /// Open raw-gadget files of a real kernel: told beside its pages, not played on.
  public var gadgets: [FoundGadget] = []
  /// What is done, in order.
  public var steps: [ScriptStep]
  /// Questions on the machine of some step.
  public var exercises: [Exercise] = []

  /// A scenario of these parts; without a kernel of its own it plays on a stock one of the era's release.
  public init(
    id: String = "", title: String, about: String = "", source: String = "",
    remember: String = "", configuration: Configuration? = nil,
    era: String = "rfc-v1", caches: [CacheRequest] = [], steps: [ScriptStep] = []
  ) {
    self.id = id
    self.title = title
    self.about = about
    self.source = source
    self.remember = remember
    self.configuration = configuration ?? .stock((Era.named(era) ?? .rfcV1).release)
    self.era = era
    self.caches = caches
    self.steps = steps
  }

  /// The machine before the first step.
  public func start(era override: String? = nil) throws(ActionError) -> World {
    let id = override ?? era
    guard let era = Era.named(id) else { throw .unknownEra(id, known: Era.all.map(\.id)) }
    return start(under: era)
  }

  /// The machine before the first step, judged by `era`, which need not be one of `Era.all`.
  public func start(under era: Era) -> World {
    var world = World(
      configuration: configuration, era: era, driver: driver, setup: setup,
      layout: configuration.wordSize == .bits64 ? layout : nil)
    for cache in caches { world.kernel.createCache(cache) }
    for slab in slabs { world.place(slab) }
    for stack in stacks { world.kernel.place(stack) }
    world.kernel.setWarnedOnce(warnedOnce)
    return world
  }
}

extension Script {
  /// The raw-gadget driver: the one chosen, else the one the scenario's own era was shipped with.
  /// Who judges with another era does not change it.
  public var driver: DriverPolicy {
    get { chosenDriver ?? Era.named(era).map(DriverPolicy.shipped(with:)) ?? .linux6_1 }
    set { chosenDriver = newValue }
  }

  /// The script with its first steps alone.
  public func prefix(_ count: Int) -> Script {
    var script = self
    script.steps = Array(steps.prefix(count))
    script.exercises.removeAll { $0.step > script.steps.count }
    return script
  }
}

/// One step of a script.
public struct ScriptStep: Sendable, Equatable {
  /// Who made a step. A file keeps it, so that what may be changed does not hang on the step's words.
  public enum Origin: String, Sendable, Hashable, CaseIterable {
    /// The author of the scenario.
    case lesson
    /// Whoever stepped through it, beside the author's steps.
    case byHand = "by-hand"
    /// The same, in the place of a step of the author.
    case inPlace = "in-place"
    /// The same: from here on another era judges.
    case rejudged
    /// A real program that was running.
    case program
  }

  /// What is done.
  public var action: Action
  /// Who made the step.
  public var origin = Origin.lesson
  /// What should happen; nil where nothing is expected.
  public var expect: Expectation?
  /// What the story pane says.
  public var say: String
  /// What only the lecturer sees.
  public var notes: String
  /// Line and column in the scenario file, 1-based; 0 when made by hand.
  public var line: Int
  /// Its column, 1-based; 0 when made by hand.
  public var column: Int
  /// Where the parts of the step stand: `name`, `cache`, `place`.
  public var marks: [String: SourceMark] = [:]

  /// A step with this action.
  public init(
    action: Action, origin: Origin = .lesson, expect: Expectation? = nil, say: String = "",
    notes: String = "", line: Int = 0, column: Int = 0
  ) {
    self.action = action
    self.origin = origin
    self.expect = expect
    self.say = say
    self.notes = notes
    self.line = line
    self.column = column
  }
}
