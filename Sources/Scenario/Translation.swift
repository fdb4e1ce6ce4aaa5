public import Simulation
import Text
import Yams

/// The words of a scenario in another language. They lie in a file of their own beside it, so that the machine and its
/// steps stand once.
public struct Translation: Sendable {
  /// The lesson's id, or the name of the scenario file in the same folder.
  public var base: String
  /// The language's tag, such as `de` or `pt-BR`; empty where the file does not say.
  private var language: String
  private var title: String
  private var about: String
  private var remember: String
  /// What is said at each step, in order; empty where nothing is.
  private var says: [String]
  /// The questions of the exercises, in order; none leaves them as they are.
  private var asks: [String]
  /// The hints of each exercise, in order; none leaves them as they are.
  private var hints: [[String]]
  /// Why the answer of each exercise is right, in order; none leaves them as they are.
  private var reasons: [String]
  private let file: String
  /// Where the lists stand in the file.
  private let places: [String: SourceMark]

  static let grammar = Shape(
    [
      "translates": .text, "language": .form(tag), "title": .text, "about": .text,
      "remember": .text, "say": .list(.text), "ask": .list(.text), "hints": .list(.list(.text)),
      "because": .list(.text),
    ], required: ["translates", "title", "say"])

  /// What a language's tag looks like (RFC 5646, as far as lessons need it).
  private static let tag = "^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$"

  /// The JSON Schema of translations, for editors.
  public static let schema = ScenarioSchema.text(of: grammar, titled: "copyscope translation")

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
    _ = try fields.required("say")
    var hints: [[String]] = []
    for node in try fields.list("hints") { hints.append(try words("hints", of: node, fields)) }
    return Translation(
      base: try fields.requiredString("translates"), language: try language(fields),
      title: try fields.requiredString("title"), about: try fields.string("about") ?? "",
      remember: try fields.string("remember") ?? "", says: try words("say", fields),
      asks: try words("ask", fields), hints: hints, reasons: try words("because", fields),
      file: file, places: places(fields))
  }

  private static func places(_ fields: Fields) -> [String: SourceMark] {
    var places: [String: SourceMark] = [:]
    for key in grammar.names {
      places[key] = fields.place(key).map { SourceMark(line: $0.line, column: $0.column) }
    }
    return places
  }

  private static func language(_ fields: Fields) throws(Diagnostic) -> String {
    guard let text = try fields.string("language") else { return "" }
    guard let form = try? Regex(tag), text.wholeMatch(of: form) != nil else {
      throw fields.fail("language", "'language' must be a tag such as de or pt-BR, not '\(text)'")
    }
    return text
  }

  private static func words(_ key: String, _ fields: Fields) throws(Diagnostic) -> [String] {
    guard let node = fields[key] else { return [] }
    return try words(key, of: node, fields)
  }

  private static func words(
    _ key: String, of node: Node, _ fields: Fields
  ) throws(Diagnostic) -> [String] {
    guard case .sequence(let sequence) = node else {
      throw Fields.diagnostic(
        fields.file, node.mark, "'\(key)' must be a list of texts, not \(node.kindName)")
    }
    var words: [String] = []
    for node in sequence {
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
    for (key, count) in [("ask", asks.count), ("hints", hints.count), ("because", reasons.count)]
    where count > 0 {
      try check(key, count, script.exercises.count, "exercises")
    }
    (script.title, script.about, script.remember) = (title, about, remember)
    script.language = language
    for (index, say) in says.enumerated() { script.steps[index].say = say }
    for (index, ask) in asks.enumerated() { script.exercises[index].ask = ask }
    for (index, because) in reasons.enumerated() { script.exercises[index].because = because }
    for (index, hints) in hints.enumerated() {
      let known = script.exercises[index].hints.count
      try check("hints", hints.count, known, "hints of exercise \(index + 1)")
      script.exercises[index].hints = hints
    }
    return script
  }

  private func check(_ key: String, _ count: Int, _ wanted: Int, _ what: String)
    throws(Diagnostic)
  {
    guard count != wanted else { return }
    throw Diagnostic(
      file: file, line: places[key]?.line ?? 0, column: places[key]?.column ?? 0,
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
