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
    /// The whole file.
    public var text: String
  }

  /// All lessons in the order of the course.
  public static let all: [Entry] = Course.files.enumerated().map { index, file in
    let text = String(decoding: file.bytes, as: UTF8.self)
    return Entry(
      id: file.id, number: index + 1, title: field("title", text), about: field("about", text),
      text: text)
  }

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

  /// The value of a top-level one-line field; lessons keep these on one line so that the list
  /// opens without parsing every file.
  private static func field(_ name: String, _ text: String) -> String {
    for line in text.split(separator: "\n") {
      if line.hasPrefix("\(name): ") { return String(line.dropFirst(name.count + 2)) }
    }
    return ""
  }
}
