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

  /// A captured device as a program: it compiles, and the host asks of it what was captured.
  @Test(arguments: [
    ("enum-vendor-high", "high"), ("enum-vendor-super", "super"), ("enum-strings-stalled", "high"),
  ])
  func aCaptureIsWrittenAsAProgram(_ name: String, _ speed: String) throws {
    let folder = try Folder()
    let (story, source, built) = (folder.path("a.yaml"), folder.path("a.c"), folder.path("a"))
    let text = Array(try CaptureTests.recording(name).utf8)
    for path in [story, source] {
      let made = try Program.start(
        Program.path, ["capture", "-", "--save", path], input: text, environment: [:])
      #expect(made.status == 0, "\(made.errors)")
    }
    let compiled = try Program.shell("gcc -Wall -Wextra -Werror -o \(built) \(source) -lpthread")
    #expect(compiled.status == 0, "\(compiled.errors)")
    let played = try Program.run("run", story)
    let run = try Program.start(
      Program.path, ["gadget", "--speed", speed, "--modules", "input", "--", built], input: [],
      environment: [:])
    #expect(run.status == 0, "\(run.errors)")
    let asked = { (text: String) in
      text.split(separator: "\n").filter { $0.hasPrefix("  - host asks ") }
    }
    let wanted = asked(played.text)
    #expect(wanted.count > 4 && asked(run.text).starts(with: wanted), "\(run.text.suffix(600))")
  }

  @Test func aStoryWithoutAProgramIsToldSo() throws {
    let folder = try Folder()
    let run = try Program.run("run", "--save-program", folder.path("x.c"), "1")
    #expect(run.status == 2 && run.errors.contains("no step is a call"))
  }
}
