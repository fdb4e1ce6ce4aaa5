public import Simulation
import Text
import Yams

/// The words of a scenario in another language. They lie in a file of their own beside it, so that the machine and its
/// steps stand once.
public struct Translation: Sendable, Hashable {
  /// The lesson's id, or the name of the scenario file in the same folder.
  public var base: String
  private var title: String
  private var about: String
  private var remember: String
  /// What is said at each step, in order; empty where nothing is.
  private var says: [String]
  /// The questions of the exercises, in order; none leaves them as they are.
  private var asks: [String]
  private let file: String

  static let grammar = Shape(
    [
      "translates": .text, "title": .text, "about": .text, "remember": .text, "say": .list(.text),
      "ask": .list(.text),
    ], required: ["translates", "title", "say"])

  /// Whether a file is a translation: it names what it translates.
  public static func isOne(_ text: String) -> Bool {
    text.split(separator: "\n").contains { $0.hasPrefix("translates:") }
  }

  /// Reads a translation.
  ///
  /// - Parameters:
  ///   - text: the YAML.
  ///   - file: the name used in messages.
  /// - Throws: where the file is not one, and what to do about it.
  public static func read(_ text: String, file: String) throws(Diagnostic) -> Translation {
    try AliasLimit.check(text, file: file)
    let root = try ScenarioReader.compose(text, file: file)
    let fields = try Fields(root, file: file, subject: "the translation", known: grammar.names)
    return Translation(
      base: try fields.requiredString("translates"), title: try fields.requiredString("title"),
      about: try fields.string("about") ?? "", remember: try fields.string("remember") ?? "",
      says: try words("say", fields), asks: try words("ask", fields), file: file)
  }

  private static func words(_ key: String, _ fields: Fields) throws(Diagnostic) -> [String] {
    var words: [String] = []
    for node in try fields.list(key) {
      guard let text = node.scalar?.string else {
        throw Fields.diagnostic(fields.file, node.mark, "'\(key)' must be a list of texts")
      }
      words.append(text)
    }
    return words
  }

  /// The scenario with these words; all else is as it was.
  ///
  /// - Throws: that it has another number of steps or exercises than there are words.
  public func applied(to script: Script) throws(Diagnostic) -> Script {
    var script = script
    try check("say", says.count, script.steps.count, "steps")
    if !asks.isEmpty { try check("ask", asks.count, script.exercises.count, "exercises") }
    (script.title, script.about, script.remember) = (title, about, remember)
    for (index, say) in says.enumerated() { script.steps[index].say = say }
    for (index, ask) in asks.enumerated() { script.exercises[index].ask = ask }
    return script
  }

  private func check(_ key: String, _ count: Int, _ wanted: Int, _ what: String)
    throws(Diagnostic)
  {
    guard count != wanted else { return }
    throw Diagnostic(
      file: file, line: 0, column: 0,
      message: "'\(key)' has \(count) texts, and '\(base)' has \(wanted) \(what); give one for each"
    )
  }
}

extension Translation {
  /// Translations that come with the program, by the lesson's id with the language behind it.
  private static let shipped: [(name: String, bytes: [UInt8])] = [
    ("first-copy.de", PackageResources.first_copy_de_yaml)
  ]

  /// The names of those that come with the program, such as `first-copy.de`.
  public static let names = shipped.map(\.name)

  /// The file of one that comes with the program; nil where there is none of that name.
  public static func text(named name: String) -> String? {
    shipped.first { $0.name == name }.map { String(decoding: $0.bytes, as: UTF8.self) }
  }
}
