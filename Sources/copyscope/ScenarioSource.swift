import ArgumentParser
import Foundation
import Narration
import Scenario
import Simulation
import Text

/// Where a scenario on the command line comes from: a lesson, or a file.
enum ScenarioSource {
  /// The scenario named: a lesson's id or number, else a file.
  ///
  /// - Parameters:
  ///   - onlyRegular: refuse pipes, which may never be written to.
  ///   - checked: every step has to be one that can be done; not so where a program does the others.
  static func load(
    _ name: String, onlyRegular: Bool = false, checked: Bool = true
  ) throws -> Script {
    if let lesson = Lessons.find(name) { return try lessonScript(lesson) }
    let looksLikeFile = name.contains("/") || name.hasSuffix(".yaml") || name.hasSuffix(".yml")
    if !looksLikeFile, !FileManager.default.fileExists(atPath: name) {
      let meant = Lessons.suggestion(for: name) ?? command(near: name)
      throw BadInput.noScenario(name, meant: meant)
    }
    let text = try InputFile.text(
      of: name, limit: ScenarioReader.sizeLimit, onlyRegular: onlyRegular)
    do throws(Diagnostic) {
      return checked
        ? try ScenarioReader.read(text, file: name, id: identifier(name))
        : try ScenarioReader.parse(text, file: name, id: identifier(name))
    } catch {
      throw BadInput.diagnostic(error)
    }
  }

  /// A command of the program whose name was typed with a slip.
  private static func command(near name: String) -> String? {
    Nearest.word(to: name, among: CommandName.offered).map { "copyscope \($0)" }
  }

  private static func lessonScript(_ lesson: Lessons.Entry) throws -> Script {
    do throws(Diagnostic) { return try Lessons.script(lesson) } catch {
      throw BadInput.diagnostic(error)
    }
  }

  /// The file's name without folders and ending.
  static func identifier(_ path: String) -> String {
    URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent
  }

  /// Plays a script, its errors as bad input.
  static func play(_ script: Script, era: String?, named name: String) throws -> Playback {
    do throws(ActionError) { return try Playback(script, era: era) } catch {
      throw BadInput.start(name, error)
    }
  }
}
