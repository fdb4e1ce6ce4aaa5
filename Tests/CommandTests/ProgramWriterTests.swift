import Foundation
import Testing

/// Scenarios written as C programs: they compile and make the same calls.
@Suite struct ProgramWriterTests {
  /// What a play did on the device: its calls with their results, in order.
  static func calls(_ text: String) -> [String] {
    GadgetProgramTests.calls(text).filter { !$0.hasPrefix("host ") && !$0.hasPrefix("a signal") }
  }

  @Test func aRecordedProgramIsWrittenCompiledAndDoesTheSame() throws {
    let folder = try Folder()
    let (story, source, built) = (folder.path("a.yaml"), folder.path("a.c"), folder.path("a"))
    let first = try GadgetProgramTests.run("misplace", options: ["--save", story])
    let written = try Program.run("run", "--save-program", source, story)
    #expect(written.status == 0, "\(written.errors)")
    let compiled = try Program.shell(
      "clang -Wall -Wextra -Werror -o \(built) \(source) -lpthread")
    #expect(compiled.status == 0, "\(compiled.errors)")
    let second = try Program.start(
      Program.path, ["gadget", "--", built], input: [], environment: [:])
    #expect(second.status == 0, "\(second.errors)")
    #expect(Self.calls(first.text).count >= 20)
    #expect(Self.calls(second.text) == Self.calls(first.text))
    let results = { (text: String) in
      text.split(separator: "\n").filter { $0.hasPrefix("  - returns") || $0.contains("left over") }
    }
    #expect(results(second.text) == results(first.text))
  }

  @Test func aStoryWithoutAProgramIsToldSo() throws {
    let folder = try Folder()
    let run = try Program.run("run", "--save-program", folder.path("x.c"), "1")
    #expect(run.status == 2 && run.errors.contains("no step is a call"))
  }
}
