import RawGadget
import Scenario
import Simulation
import Support
import Testing
import USB

/// What keeps a scenario from taking all memory or all day.
struct LimitTests {
  private func problem(_ steps: [String]) -> String? {
    let text = "title: t\nsteps:\n" + steps.map { "  - \($0)\n" }.joined()
    do throws(Diagnostic) {
      _ = try ScenarioReader.read(text, file: "t.yaml", id: "t")
      return nil
    } catch { return error.description }
  }

  @Test func threadsAndFilesAreCounted() throws {
    let calls = (0..<1024).map {
      "ioctl: {request: EVENT_FETCH, length: 8, thread: t\($0), waits: false}"
    }
    let start = ["open: {as: dev}", "ioctl: {request: INIT}", "ioctl: {request: RUN}"]
    #expect(problem(start + calls.dropLast()) == nil)
    let said = try #require(problem(start + calls))
    #expect(said.hasPrefix("t.yaml:1029:") && said.contains("at most 1024 threads"), "\(said)")
    let opens = (0...1024).map { "open: {as: f\($0)}" }
    #expect(problem(opens.dropLast()) == nil)
    #expect(problem(opens)?.contains("at most 1024 open files") == true)
  }

  /// Told in our words, not by the YAML library's name of a function to call.
  @Test func listsInListsEndSomewhere() throws {
    let deep = String(repeating: "[", count: 2000) + String(repeating: "]", count: 2000)
    let said = try #require(problem(["note: \(deep)"]))
    #expect(said.hasPrefix("t.yaml:3:") && said.contains("in each other too deeply"), "\(said)")
    #expect(!said.contains("yaml_"), "\(said)")
  }

  /// Also those that were given back at once.
  @Test func bytesHeldAreCounted() throws {
    let steps = (0..<20).flatMap {
      ["user: {as: u\($0), length: 4194304, fill: 65}", "note: {}"]
    }
    #expect(problem(Array(steps.prefix(30))) == nil)
    let said = try #require(problem(steps))
    #expect(said.hasPrefix("t.yaml:35:") && said.contains("more than 64 MiB"), "\(said)")
  }

  @Test func bytesMovedAreCounted() throws {
    let start = ["vmalloc: {as: a, size: 4194304}", "user: {as: u, length: 4194304}"]
    let copy = "copy: {entry: copy_to_user, from: a, length: 4194304, user: u}"
    let copies = [String](repeating: copy, count: 40)
    let said = try #require(problem(start + copies))
    // Two lines, two areas, and the copies that went beyond the limit: 33 of 4 MiB.
    #expect(said.hasPrefix("t.yaml:38:") && said.contains("moved more than 128 MiB"), "\(said)")
    let refused = "copy: {entry: copy_to_user, from: a, offset: 4194304, length: 4194304, user: u}"
    #expect(problem(start + [String](repeating: refused, count: 200)) == nil)
  }

  /// 64 KiB of data is written and read, and what is too much is left out from the end.
  @Test func whatIsWrittenCanBeRead() throws {
    func script(_ count: Int, _ bytes: Int) -> Script {
      var script = Script(title: "Long")
      script.steps = [ScriptStep(action: .open(file: "dev", nonblocking: false))]
      let data = (0..<bytes).map { UInt8(truncatingIfNeeded: $0) }
      let call = Action.Ioctl(
        request: .ep0Write, file: "dev", argument: .data(endpoint: 0, flags: 0, data))
      script.steps += [ScriptStep](repeating: ScriptStep(action: .ioctl(call)), count: count)
      return script
    }
    for (count, bytes, kept) in [(3, 65_536, 4), (20, 65_536, 6), (2_500, 1, 2_000), (0, 0, 1)] {
      let (text, steps) = ScenarioWriter.readable(script(count, bytes))
      #expect(steps == kept, "\(count) × \(bytes)")
      let again = try ScenarioReader.read(text, file: "again.yaml", id: "again")
      #expect(
        difference(again.steps.map(\.action), script(count, bytes).steps.prefix(kept).map(\.action))
          == nil)
    }
  }
}
