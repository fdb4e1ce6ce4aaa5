import Scenario
import Simulation
import Testing
import Usercopy

/// Expectations that must miss when they are wrong.
struct ExpectationTests {
  static func misses(_ expect: String, copy: String = "{from: x, length: 65}") throws -> [String] {
    let text = """
      title: a
      steps:
      - alloc: {cache: kmalloc-64, as: x, bytes: hello}
      - copy: \(copy)
        expect: \(expect)
      """
    let script = try ScenarioReader.read(text, file: "f", id: "f")
    return try Playback(script).steps[1].misses.map(\.field)
  }

  @Test func whatHoldsIsNotMissed() throws {
    #expect(
      try Self.misses(
        "{verdict: deny, by: slab_access_ok, not-copied: 65, returned: 65, copied: 0}")
        == [])
    #expect(
      try Self.misses(
        "{by: slab, consequence: return, log: 'len 65', leaked: 0, eras: {pax: deny}}")
        == [])
    #expect(
      try Self.misses("{holds: {at: user, offset: 1, text: ell}}", copy: "{from: x, length: 5}")
        == [])
  }

  @Test(arguments: [
    ("verdict", "{verdict: allow}"), ("by", "{by: stack_access_ok}"),
    ("not-copied", "{not-copied: 64}"),
    ("copied", "{copied: 1}"), ("returned", "{returned: -14}"),
    ("consequence", "{consequence: oops}"),
    ("log", "{log: nothing of the kind}"), ("leaked", "{leaked: 1}"),
    ("eras.pax", "{eras: {pax: allow}}"), ("holds", "{holds: {at: user, text: hello}}"),
    ("holds", "{holds: {at: nobody, text: hello}}"),
    ("holds", "{holds: {at: x, offset: 1, text: hello}}"),
  ])
  func whatDoesNotHoldIsMissed(field: String, expect: String) throws {
    #expect(try Self.misses(expect) == [field])
  }

  @Test func allStandsForTheErasThatAreNotNamed() throws {
    let wrong = try Self.misses("{eras: {all: allow, rfc-v1: deny}}")
    #expect(
      wrong.sorted() == Era.compared.map { "eras.\($0.id)" }.filter { $0 != "eras.rfc-v1" }.sorted()
    )
    #expect(try Self.misses("{eras: {all: deny}}") == [])
    #expect(try Self.misses("{eras: {all: deny, pax: allow}}") == ["eras.pax"])
  }

  /// Narrow words miss where the verdict alone would hold.
  @Test func narrowWordsSayWhatFollowed() throws {
    let refused = "{eras: {pax: sigkill, rfc-v1: return, linux-4.8: oops, linux-6.1: deny}}"
    #expect(try Self.misses(refused) == [])
    let wrong = "{eras: {pax: oops, rfc-v1: sigkill, linux-4.8: return, linux-6.1: bug}}"
    #expect(try Self.misses(wrong).count == 4)
    let passing = "{from: x, length: 5}"
    #expect(try Self.misses("{eras: {rfc-v1: whole, pax: allow}}", copy: passing) == [])
    let short = "{from: x, length: 5, user: 0x10}"
    #expect(try Self.misses("{eras: {linux-6.1: short, linux-4.8: allow}}", copy: short) == [])
    #expect(
      try Self.misses("{eras: {linux-6.1: whole, linux-4.8: warn}}", copy: short)
        == ["eras.linux-4.8", "eras.linux-6.1"])
  }

  @Test func anotherTasksLocalHasAName() throws {
    let text = """
      title: a
      steps:
      - task: {name: other}
      - run: other
      - call: {function: f, locals: {mine: 16, theirs: 16}}
      - run: demo
      - call: {function: g, locals: {mine: 32}}
      - copy: {from: theirs, length: 16}
      - copy: {from: mine, length: 32}
      """
    let script = try ScenarioReader.read(text, file: "f", id: "f")
    let steps = try Playback(script).steps
    let starts = steps.suffix(2).flatMap(\.events).compactMap { event -> Address? in
      if case .copied(let report) = event { report.outcome.attempt.kernel } else { nil }
    }
    let stacks = steps[6].before.kernel.stacks
    #expect(stacks[1].contains(starts[0]))
    #expect(stacks[0].contains(starts[1]))
  }

  /// Every function that refuses a copy of a lesson, in any era, is a word that 'by' takes.
  @Test func whoeverRefusesCanBeExpected() throws {
    var names: Set<String> = []
    for id in LessonFiles.ids {
      for step in try Playback(LessonFiles.script(id)).steps {
        for case .copied(let report) in step.events {
          let outcomes = [report.outcome] + step.before.comparison(report.outcome.attempt)
          names.formUnion(outcomes.compactMap(\.refusedIn))
          names.formUnion(outcomes.compactMap(\.refuser?.rawValue))
        }
      }
    }
    let unknown = names.filter { name in
      let text = """
        title: a
        steps:
        - alloc: {size: 64, as: x}
        - copy: {from: x, length: 65}
          expect: {by: "\(name)"}
        """
      return (try? ScenarioReader.parse(text, file: "f", id: "f")) == nil
    }
    #expect(names.count > 10 && unknown.isEmpty, "\(unknown)")
  }
}
