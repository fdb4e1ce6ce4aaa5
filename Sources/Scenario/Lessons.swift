public import Simulation
import Text

/// The lessons that come with the program.
public enum Lessons {
  /// What a lesson belongs to.
  public enum Part: String, Sendable, Hashable, CaseIterable {
    /// The lessons in order of difficulty.
    case course
    /// The kernel's own usercopy tests, played as scenarios.
    case kernelTests = "kernel-tests"

    /// Title of the only chapter of the kernel's tests.
    static let kernelTestsTitle = "The kernel's own usercopy tests"
  }

  /// A lesson as the list shows it, without reading its steps.
  public struct Entry: Sendable, Hashable {
    /// File name without number and ending, such as `past-the-end`.
    public var id: String
    /// Place in the list, from 1.
    public var number: Int
    /// The part of the course it belongs to.
    public var part: Part
    /// Its title.
    public var title: String
    /// What it is about, in a sentence.
    public var about: String
    /// Where the story comes from; empty when it needs no source.
    public var source: String
    /// Title of the chapter it belongs to.
    public var chapter: String
    /// The whole file.
    public var text: String

    /// How much there is in it.
    public var size: LessonSize { LessonSize(text) }
  }

  /// All lessons: those of the course in its order, then the kernel's own tests.
  public static let all: [Entry] = {
    let chapters = Chapters.titles(Course.files.map(\.id))
    let course = zip(Course.files, chapters).enumerated().map { index, lesson in
      entry(lesson.0, index + 1, .course, lesson.1)
    }
    return course
      + Course.kernelTests.enumerated().map { index, file in
        entry(file, course.count + index + 1, .kernelTests, Part.kernelTestsTitle)
      }
  }()

  private static func entry(
    _ file: (id: String, bytes: [UInt8]), _ number: Int, _ part: Part, _ chapter: String
  ) -> Entry {
    let text = String(decoding: file.bytes, as: UTF8.self)
    let head = head(text)
    return Entry(
      id: file.id, number: number, part: part, title: head["title"] ?? "",
      about: head["about"] ?? "", source: head["source"] ?? "", chapter: chapter, text: text)
  }

  /// The lesson of that id or number, or the one that a lesson of that id became a part of.
  public static func find(_ name: String) -> Entry? {
    if let number = Int(name) { return all.first { $0.number == number } }
    let id = name.hasPrefix(formerTests) ? "lkdtm" : name
    return all.first { $0.id == id }
  }

  /// How the ids of the kernel's own tests began while each was a lesson.
  private static let formerTests = "lkdtm-"

  /// The closest lesson id to a misspelt one.
  public static func suggestion(for name: String) -> String? {
    Nearest.word(to: name, among: all.map(\.id))
  }

  /// Reads a lesson whole.
  public static func script(_ entry: Entry) throws(Diagnostic) -> Script {
    try ScenarioReader.read(entry.text, file: "\(entry.id).yaml", id: entry.id)
  }

  /// The one-line fields before the steps; lessons keep these on one line so that the list opens
  /// without parsing every file.
  private static func head(_ text: String) -> [String: String] {
    var head: [String: String] = [:]
    for line in text.utf8.split(separator: UInt8(ascii: "\n"), maxSplits: 8) {
      guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { break }
      let key = String(Substring(line[..<colon]))
      guard key != "kernel" else { break }
      head[key] = String(Substring(line[colon...].dropFirst(2)))
    }
    return head
  }
}
