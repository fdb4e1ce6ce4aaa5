import Foundation
import Grid
import Inspector
import Scenario
import Text

/// The user's own files: keys in the configuration folder, the panes' places in the state folder.
enum UserFiles {
  /// A folder of the XDG kind: the variable's value, else a folder below the home folder; nil without a home.
  static func folder(_ variable: String, _ usual: String) -> String? {
    let environment = ProcessInfo.processInfo.environment
    if let base = environment[variable], base.hasPrefix("/") { return base + "/copyscope" }
    guard let home = environment["HOME"], home.hasPrefix("/") else { return nil }
    return home + "/" + usual + "/copyscope"
  }

  static var configuration: String? { folder("XDG_CONFIG_HOME", ".config") }

  private static var layoutPath: String? { StateFolder.path.map { $0 + "/layout" } }

  /// Largest key table read, bytes: every command has room for many keys in it.
  private static let keyTableLimit = 1 << 16
  /// Longest layout read, bytes: a line of a few words for each arrangement.
  private static let layoutLimit = 600

  /// What `config.yaml` says; nothing where there is none.
  static func config() throws -> ConfigFile {
    guard let folder = configuration else { return ConfigFile() }
    let path = folder + "/config.yaml"
    guard FileManager.default.fileExists(atPath: path) else { return ConfigFile() }
    let text = try InputFile.text(of: path, limit: 1 << 16, onlyRegular: true)
    do throws(Diagnostic) { return try ConfigFile.read(text, file: path) } catch {
      throw BadInput.diagnostic(error)
    }
  }

  /// The user's own lessons: scenario files in the folder of that name, in the order of their names.
  static var lessons: [String] {
    guard let folder = configuration.map({ $0 + "/lessons" }) else { return [] }
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.filter { $0.hasSuffix(".yaml") || $0.hasSuffix(".yml") }.sorted()
      .prefix(ownLessonLimit).map { folder + "/" + $0 }
  }

  /// Own lessons listed at most.
  private static let ownLessonLimit = 200

  /// The key table, with the keys of `keys.yaml` if there is one.
  static func keymap() throws -> Keymap {
    guard let path = configuration.map({ $0 + "/keys.yaml" }),
      FileManager.default.fileExists(atPath: path)
    else { return Keymap() }
    let text = try InputFile.text(of: path, limit: keyTableLimit, onlyRegular: true)
    do throws(Diagnostic) { return try keymap(text, file: path) } catch {
      throw BadInput.diagnostic(error)
    }
  }

  /// The key table changed by a file's text.
  static func keymap(_ text: String, file: String) throws(Diagnostic) -> Keymap {
    var keymap = Keymap()
    let commands = Command.allCases.map(\.rawValue)
    for entry in try KeyFile.read(text, file: file, commands: commands) {
      guard let command = Command(rawValue: entry.command) else { continue }
      do throws(KeyError) {
        keymap.remap(command, to: try Key.sequence(parsing: entry.keys))
      } catch {
        throw Diagnostic(
          file: file, line: entry.line, column: entry.column, message: error.description)
      }
    }
    return keymap
  }

  /// The panes' places of the last time, if they can be read.
  static func restoreLayout(_ layout: inout PaneLayout) {
    guard let path = layoutPath,
      let text = try? InputFile.text(of: path, limit: layoutLimit, onlyRegular: true)
    else { return }
    layout.restore(text)
  }

  /// Keeps the panes' places for the next time. A folder that cannot be written is no reason to
  /// trouble anyone.
  static func saveLayout(_ layout: PaneLayout) {
    guard (try? StateFolder.made()) != nil, let path = layoutPath else { return }
    try? Output.save(layout.saved, as: path)
  }
}
