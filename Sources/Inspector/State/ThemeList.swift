/// Themes to choose from, and the one in use.
public struct ThemeList: Sendable, Hashable {
  /// Their names, in the order shown.
  public var names: [String] = []
  /// The theme in use, by name.
  public var used = ""
  /// Other words for some of them.
  public var aliases: [String: String] = [:]

  /// No theme to choose from.
  public init() {}

  /// The theme that a word means; nil when there is none.
  func named(_ word: String) -> String? {
    let name = aliases[word] ?? word
    return names.contains(name) ? name : nil
  }
}
