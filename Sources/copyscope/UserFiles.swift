import Foundation
import Grid
import Inspector
import Scenario
import Text

/// The user's own files: keys in the configuration folder, the panes' places in the state folder.
enum UserFiles {
  /// A folder of the XDG kind: the variable's value, else a folder below the home folder.
  private static func folder(_ variable: String, _ usual: String) -> String {
    let environment = ProcessInfo.processInfo.environment
    if let base = environment[variable], base.hasPrefix("/") { return base + "/copyscope" }
    return (environment["HOME"] ?? "") + "/" + usual + "/copyscope"
  }

  static var configuration: String { folder("XDG_CONFIG_HOME", ".config") }

  private static var state: String { folder("XDG_STATE_HOME", ".local/state") }
  private static var layoutPath: String { state + "/layout" }

  /// The key table, with the keys of `keys.yaml` if there is one.
  static func keymap() throws -> Keymap {
    let path = configuration + "/keys.yaml"
    guard FileManager.default.fileExists(atPath: path) else { return Keymap() }
    let text = try InputFile.text(of: path, limit: 1 << 16, onlyRegular: true)
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
    guard let text = try? InputFile.text(of: layoutPath, limit: 200, onlyRegular: true) else {
      return
    }
    layout.restore(text)
  }

  /// Keeps a scenario that was not written; nil when it cannot be.
  static func keep(_ scenario: String) -> String? {
    let path = state + "/unsaved.yaml"
    try? FileManager.default.createDirectory(atPath: state, withIntermediateDirectories: true)
    do { try Output.save(scenario, as: path) } catch { return nil }
    return path
  }

  /// Keeps the panes' places for the next time. A folder that cannot be written is no reason to
  /// trouble anyone.
  static func saveLayout(_ layout: PaneLayout) {
    try? FileManager.default.createDirectory(atPath: state, withIntermediateDirectories: true)
    try? Output.save(layout.saved, as: layoutPath)
  }
}
