import Foundation
import Testing

/// What the package says of itself from outside is so.
@Suite struct ReadmeTests {
  @Test func everyThemeFileIsKnown() throws {
    let files = try FileManager.default.contentsOfDirectory(
      atPath: Program.root.appending(path: "themes").path)
    let listed = try Program.run("themes").lines.compactMap { $0.split(separator: ":").first }
    let names = files.filter { $0.hasSuffix(".yaml") }.map { $0.dropLast(5) }
    #expect(!names.isEmpty && Set(listed).isSuperset(of: names))
  }

  /// The README's commands take only options that their tool knows.
  @Test func theReadmesCommandsAreUnderstood() throws {
    let readme = try String(contentsOf: Program.root.appending(path: "README.md"), encoding: .utf8)
    let commands = readme.matches(of: /swift (build|run|test)([^&\n`]*)/)
    #expect(commands.count > 1)
    for command in commands {
      let help = try Program.shell("swift \(command.1) --help").text
      for option in command.2.split(separator: " ") where option.hasPrefix("--") {
        #expect(help.contains(option), "swift \(command.1) does not know \(option)")
      }
    }
  }
}
