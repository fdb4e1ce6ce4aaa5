import ArgumentParser
import Foundation
import Narration
import Text

/// The command line: one file a subcommand.
@main
struct Copyscope: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "copyscope",
    abstract: "See, byte by byte, which copies between kernel and user memory a kernel lets pass.",
    version: Version.text,
    subcommands: CommandName.allCases.map(\.command),
    defaultSubcommand: Open.self)

  /// Runs the command; anything wrong with the command line or the input ends with status 2.
  static func main() {
    Output.secureStreams()
    do {
      do {
        var command = try parseAsRoot()
        do { try command.run() } catch is ProgramManualRequest {
          try Output.write(
            CommandManual.text(help: _dumpHelp(), summary: configuration.abstract))
        }
      } catch let error where exitCode(for: error) == .success {
        try Output.line(fullMessage(for: error))
      }
    } catch let error as BadInput {
      fail("copyscope: \(BadInputWords.line(error))")
    } catch let error as OutputError {
      fail("copyscope: \(error.words)")
    } catch is ReaderIsGone {
      Foundation.exit(ReaderIsGone.status)
    } catch let code as ExitCode {
      Foundation.exit(code.rawValue)
    } catch {
      fail(fullMessage(for: error))
    }
  }

  private static func fail(_ message: String) -> Never {
    let lines = message.split(separator: "\n", omittingEmptySubsequences: false)
    Output.complain(lines.map { Printable.text(String($0)) + "\n" }.joined())
    Foundation.exit(2)
  }
}

extension CommandName {
  /// What runs it.
  fileprivate var command: any ParsableCommand.Type {
    switch self {
    case .open: Open.self
    case .run: Run.self
    case .lessons: LessonList.self
    case .verify: Verify.self
    case .explain: Explain.self
    case .screen: ScreenPicture.self
    case .caches: Caches.self
    case .kernel: KernelMemory.self
    case .capture: CaptureSummary.self
    case .gadget: Gadget.self
    case .bench: Bench.self
    case .themes: Themes.self
    case .schema: Schema.self
    case .keys: KeyList.self
    case .follow: Follow.self
    case .export: Export.self
    case .progress: ProgressList.self
    case .manual: Manual.self
    }
  }
}
