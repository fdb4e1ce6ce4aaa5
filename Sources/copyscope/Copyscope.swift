import ArgumentParser
import Foundation

/// The command line: one file a subcommand.
@main
struct Copyscope: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "copyscope",
    abstract: "See, byte by byte, which copies between kernel and user memory a kernel lets pass.",
    version: "1.0.0",
    subcommands: [
      Open.self, Run.self, LessonList.self, Verify.self, Explain.self,
      ScreenPicture.self, Themes.self,
    ],
    defaultSubcommand: Open.self)

  /// Runs the command; anything wrong with the command line or the input ends with status 2.
  static func main() {
    do {
      var command = try parseAsRoot()
      try command.run()
    } catch let error as BadInput {
      fail("copyscope: \(error.description)")
    } catch let code as ExitCode {
      exit(withError: code)
    } catch {
      let status = exitCode(for: error)
      guard status != .success, status != ExitCode(1) else { exit(withError: error) }
      fail(fullMessage(for: error))
    }
  }

  private static func fail(_ message: String) -> Never {
    FileHandle.standardError.write(Data((message + "\n").utf8))
    Foundation.exit(2)
  }
}
