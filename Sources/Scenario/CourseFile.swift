import Text
import Yams

/// A course: lessons in an order of its own, for whom they are and how long they take.
public struct CourseFile: Sendable, Hashable {
  /// File name without its ending, such as `one-hour`.
  public var id: String
  /// Its heading.
  public var title: String
  /// A sentence on what it is about.
  public var about: String
  /// For whom it is.
  public var level: Level
  /// How long it takes, minutes.
  public var minutes: Int
  /// Ids of courses that should come before it.
  public var needs: [String]
  /// Its lessons, in order.
  public var lessons: [Item]

  /// For whom a course is.
  public enum Level: String, Sendable, Hashable, CaseIterable {
    case beginner, intermediate, advanced
  }

  /// A lesson of a course.
  public struct Item: Sendable, Hashable {
    /// A lesson's id, or the name of a scenario file beside the course's own.
    public var lesson: String
    /// How long it takes, minutes; nil where the course does not say.
    public var minutes: Int?
  }

  /// The courses that come with the program, the shortest first.
  public static let shipped: [CourseFile] = [
    ("one-hour", PackageResources.one_hour_yaml),
    ("usb-gadget", PackageResources.usb_gadget_yaml),
    ("kernel-memory", PackageResources.kernel_memory_yaml),
  ].compactMap { id, bytes in
    try? read(String(decoding: bytes, as: UTF8.self), file: "\(id).yaml", id: id)
  }

  /// Largest number of lessons of a course.
  public static let lessonLimit = 500

  /// Reads a course file.
  ///
  /// - Parameters:
  ///   - text: the YAML.
  ///   - file: the name used in messages.
  ///   - id: what the course calls itself, usually the file's name without ending.
  public static func read(
    _ text: String, file: String, id: String
  ) throws(Diagnostic) -> CourseFile {
    try AliasLimit.check(text, file: file)
    let root = try ScenarioReader.compose(text, file: file)
    let fields = try Fields(root, file: file, subject: "the course", known: grammar.names)
    var course = CourseFile(
      id: id, title: try fields.requiredString("title"), about: try fields.string("about") ?? "",
      level: try fields.choice("level", of: Level.self) ?? .beginner,
      minutes: try fields.int("minutes", in: 1...100_000) ?? 0, needs: try fields.texts("needs"),
      lessons: [])
    let nodes = try fields.list("lessons")
    guard (1...lessonLimit).contains(nodes.count) else {
      throw fields.fail("lessons", "a course needs from 1 to \(lessonLimit) lessons")
    }
    for node in nodes { course.lessons.append(try item(node, file)) }
    return course
  }

  private static func item(_ node: Node, _ file: String) throws(Diagnostic) -> Item {
    if let name = node.scalar?.string {
      try check(name, node, file)
      return Item(lesson: name)
    }
    let fields = try Fields(
      node, file: file, subject: "a lesson of the course", known: itemGrammar.names)
    let name = try fields.requiredString("lesson")
    try check(name, node, file)
    return Item(lesson: name, minutes: try fields.int("minutes", in: 1...100_000))
  }

  /// A name that is no file's must be a lesson's.
  private static func check(_ name: String, _ node: Node, _ file: String) throws(Diagnostic) {
    let isFile = name.hasSuffix(".yaml") || name.hasSuffix(".yml")
    guard isFile || Lessons.find(name) != nil else {
      throw Fields.diagnostic(
        file, node.mark, "there is no lesson '\(name)'; a file's name ends in .yaml",
        Lessons.suggestion(for: name))
    }
    guard !isFile || !name.hasPrefix("/") && !name.split(separator: "/").contains("..") else {
      throw Fields.diagnostic(
        file, node.mark, "'\(name)' must lie in the folder of the course, or below it")
    }
  }

  static let grammar = Shape(
    [
      "title": .text, "about": .text, "level": .word(Level.self), "minutes": .range(1...100_000),
      "needs": .list(.text),
      "lessons": .count(1...lessonLimit, .either([.text, .shape(itemGrammar)])),
    ], required: ["title", "lessons"])

  private static let itemGrammar = Shape(
    ["lesson": .text, "minutes": .range(1...100_000)], required: ["lesson"])

  /// The JSON Schema of course files, for editors.
  public static let schema = ScenarioSchema.text(of: grammar, titled: "copyscope course")
}
