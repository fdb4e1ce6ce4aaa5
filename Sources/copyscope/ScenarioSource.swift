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
    if let text = Translation.text(named: name) { return try translated(text, file: name) }
    let looksLikeFile = name.contains("/") || name.hasSuffix(".yaml") || name.hasSuffix(".yml")
    if !looksLikeFile, !FileManager.default.fileExists(atPath: name) {
      let meant = Lessons.suggestion(for: name) ?? command(near: name)
      throw BadInput.noScenario(name, meant: meant)
    }
    let text = try InputFile.text(
      of: name, limit: ScenarioReader.sizeLimit, onlyRegular: onlyRegular)
    if Translation.isOne(text) { return try translated(text, file: name) }
    do throws(Diagnostic) {
      return checked
        ? try ScenarioReader.read(text, file: name, id: identifier(name))
        : try ScenarioReader.parse(text, file: name, id: identifier(name))
    } catch {
      throw BadInput.diagnostic(error)
    }
  }

  /// The lesson or the file beside it that a translation names, with its words.
  private static func translated(_ text: String, file: String) throws -> Script {
    do throws(Diagnostic) {
      let translation = try Translation.read(text, file: file)
      guard let lesson = Lessons.find(translation.base) else {
        return try translation.applied(to: neighbour(translation.base, of: file))
      }
      return try translation.applied(to: Lessons.script(lesson))
    } catch {
      throw BadInput.diagnostic(error)
    }
  }

  /// A scenario in the folder of another file.
  private static func neighbour(_ name: String, of file: String) throws(Diagnostic) -> Script {
    let path = URL(fileURLWithPath: file).deletingLastPathComponent().appendingPathComponent(name)
    guard !name.contains("/"), let data = FileManager.default.contents(atPath: path.path),
      data.count <= ScenarioReader.sizeLimit
    else {
      throw Diagnostic(
        file: file, line: 1, column: 1,
        message: "'translates' is no lesson and no scenario file beside this one: '\(name)'",
        suggestion: Lessons.suggestion(for: name))
    }
    return try ScenarioReader.read(
      String(decoding: data, as: UTF8.self), file: path.path, id: identifier(name))
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
