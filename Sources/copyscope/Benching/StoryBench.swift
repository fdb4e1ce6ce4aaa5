import CSystem
import RawGadget
import Scenario
import Simulation
import Timeline

/// Long stories of one kind of step: how long it takes to go to any of them, and what a step costs to keep.
enum StoryBench {
  private static let (short, long) = (1_000, 20_000)
  private static let seeks = 200

  private typealias Story = Timeline<World, Action, Event, KeptEvent>

  static func rows(_ measure: BenchRounds) throws -> [BenchRow] {
    let lesson = try ScenarioSource.load("past-the-end")
    let actions = lesson.steps.map(\.action)
    let copies = actions.filter(isCopy)
    let setup = actions.filter { !isCopy($0) }
    guard copies.count > 1 else { throw BadInput.builtIn(.benchmark) }
    let gadget = try ScenarioSource.load("gadget-keyboard")
    let kinds: [(name: String, script: Script, setup: [Action], step: Action)] = [
      ("an allowed copy", lesson, setup, copies[0]), ("a denied copy", lesson, setup, copies[1]),
      (
        "a gadget's call", gadget, gadget.steps.map(\.action),
        .ioctl(Action.Ioctl(request: .epsInfo))
      ),
    ]
    return try kinds.flatMap { kind in
      try rows(kind.name, kind.script, kind.setup, kind.step, measure)
    }
  }

  private static func isCopy(_ action: Action) -> Bool {
    if case .copy = action { true } else { false }
  }

  private static func rows(
    _ name: String, _ script: Script, _ setup: [Action], _ step: Action, _ measure: BenchRounds
  ) throws -> [BenchRow] {
    let before = Int(cs_allocated())
    var many = try story(script, setup, step, count: long)
    let bytes = Double(Int(cs_allocated()) - before) / Double(long)
    var few = try story(script, setup, step, count: short)
    let rounds = measure.pairs {
      BenchRounds.time(of: seeks) { visit(&many) }
    } against: {
      BenchRounds.time(of: seeks) { visit(&few) }
    }
    return [
      BenchRow(
        .story, "going to a step of \(long), \(name) each", .microseconds, rounds,
        against: "going to a step of \(short)"),
      BenchRow(
        .story, "keeping \(name)", .bytes, [bytes], lack: "memory of \(long) steps, in one go"),
    ]
  }

  private static func story(
    _ script: Script, _ setup: [Action], _ step: Action, count: Int
  ) throws -> Story {
    var story = Story(start: try script.start(), keeping: { KeptEvent($0) }) {
      World.step($0, $1)
    }
    for action in setup { story.record(action) }
    for _ in 0..<count { story.record(step) }
    return story
  }

  private static func visit(_ story: inout Story) {
    let count = story.count
    for index in 0..<seeks { story.seek((index &* 7_919 &* 31) % count) }
  }
}
