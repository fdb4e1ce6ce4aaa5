public import Simulation

/// The lessons that come with the program.
public enum Lessons {
  /// A lesson as the list shows it, without reading its steps.
  public struct Entry: Sendable, Hashable {
    /// File name without number and ending, such as `past-the-end`.
    public var id: String
    /// Place in the course, from 1.
    public var number: Int
    public var title: String
    public var about: String
    /// Where the story comes from; empty when it needs no source.
    public var source: String
    /// Title of the chapter it belongs to.
    public var chapter: String
    /// The whole file.
    public var text: String
  }

  /// All lessons in the order of the course.
  public static let all: [Entry] = {
    let chapters = Chapters.titles(Course.files.map(\.id))
    return Course.files.enumerated().map { index, file in
      let text = String(decoding: file.bytes, as: UTF8.self)
      let head = head(text)
      return Entry(
        id: file.id, number: index + 1, title: head["title"] ?? "", about: head["about"] ?? "",
        source: head["source"] ?? "", chapter: chapters[index], text: text)
    }
  }()

  /// The lesson of that id or number.
  public static func find(_ name: String) -> Entry? {
    if let number = Int(name) { return all.first { $0.number == number } }
    return all.first { $0.id == name }
  }

  /// The closest lesson id to a misspelt one.
  public static func suggestion(for name: String) -> String? {
    Suggestion.near(name, among: all.map(\.id))
  }

  /// Reads a lesson whole.
  public static func script(_ entry: Entry) throws(Diagnostic) -> Script {
    try ScenarioReader.read(entry.text, file: "\(entry.id).yaml", id: entry.id)
  }

  /// The one-line fields before the steps; lessons keep these on one line so that the list opens
  /// without parsing every file.
  private static func head(_ text: String) -> [String: String] {
    var head: [String: String] = [:]
    for line in text.split(separator: "\n", maxSplits: 8) {
      guard !line.hasPrefix("kernel:"), let colon = line.firstIndex(of: ":") else { break }
      head[String(line[..<colon])] = String(line[colon...].dropFirst(2))
    }
    return head
  }
}
