import Foundation
import Text
import Theme

/// The `--theme` option and what stands in for it.
enum ThemeChoice {
  /// A built-in name, a file, or a name in the user's theme folder; without one the default for
  /// the terminal's background.
  static func theme(_ name: String?) throws -> Theme {
    let environment = ProcessInfo.processInfo.environment
    guard let name = name ?? environment["COPYSCOPE_THEME"] else {
      return try builtin(isLight(environment["COLORFGBG"]) ? light : dark)
    }
    if name.contains("/") || name.hasSuffix(".yaml") || name.hasSuffix(".yml") {
      return try file(name)
    }
    if let name = defaults[name] { return try builtin(name) }
    if Theme.builtinNames.contains(name) { return try builtin(name) }
    let own = folder(environment) + "/\(name).yaml"
    if FileManager.default.fileExists(atPath: own) { return try file(own) }
    if FileManager.default.fileExists(atPath: name) { return try file(name) }
    return try builtin(name)
  }

  private static let light = "paper"
  private static let dark = "slate"
  /// What most people call them.
  static let defaults = ["light": light, "dark": dark]

  /// Every name `--theme` takes, those of the user's theme folder among them.
  static var names: [String] {
    let own =
      (try? FileManager.default.contentsOfDirectory(
        atPath: folder(ProcessInfo.processInfo.environment))) ?? []
    let ending = ".yaml"
    let ownNames = own.filter { $0.hasSuffix(ending) }.map { String($0.dropLast(ending.count)) }
    return Set(Theme.builtinNames + defaults.keys + ownNames).sorted()
  }

  private static func folder(_ environment: [String: String]) -> String {
    let base = environment["XDG_CONFIG_HOME"] ?? (environment["HOME"] ?? "") + "/.config"
    return base + "/copyscope/themes"
  }

  /// COLORFGBG's last field is the background; 7 and 9 to 15 are light.
  static func isLight(_ value: String?) -> Bool {
    guard let last = value?.split(separator: ";").last, let colour = Int(last) else { return false }
    return colour == 7 || (9...15).contains(colour)
  }

  private static func builtin(_ name: String) throws -> Theme {
    do throws(ThemeError) { return try Theme.builtin(name) } catch {
      let names = (Theme.builtinNames + defaults.keys.sorted()).joined(separator: ", ")
      throw BadInput(
        "--theme: \(Printable.text(error.description)); there are \(names), or name a base16 file")
    }
  }

  /// Largest scheme read, bytes: one is a page of text.
  private static let schemeLimit = 1 << 20

  /// A scheme file of any origin.
  static func file(_ path: String) throws -> Theme {
    let text = try InputFile.text(of: path, limit: schemeLimit, onlyRegular: true)
    do throws(ThemeError) { return try Theme(yaml: text, file: path) } catch {
      throw BadInput(Printable.text(error.description))
    }
  }
}
