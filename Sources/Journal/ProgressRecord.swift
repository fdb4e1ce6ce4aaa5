import JSON

/// What was done of all lessons. Its file has a line for each change, so that several inspectors may write it at
/// once; of a lesson the lines are joined.
public struct ProgressRecord: Sendable, Equatable {
  /// By the lesson's id.
  public private(set) var lessons: [String: LessonProgress] = [:]
  /// Lines that could not be read.
  public private(set) var broken = 0

  /// Nothing done.
  public init() {}

  /// What a file says. A last line without an end was not written whole.
  public init(_ bytes: [UInt8]) {
    for line in bytes.split(separator: UInt8(ascii: "\n")) {
      guard let json = try? JSONValue(parsing: Array(line), mostValues: 4_096),
        let id = json["lesson"]?.string, id.utf8.count <= 512
      else {
        broken += 1
        continue
      }
      note(LessonProgress(json), of: id)
    }
  }

  /// Joins what was done of a lesson with what is known.
  public mutating func note(_ progress: LessonProgress, of id: String) {
    lessons[id] = lessons[id]?.joined(progress) ?? progress
  }

  /// The line that tells of a lesson, with its end.
  public static func line(_ progress: LessonProgress, of id: String) -> String {
    JSONValue([("lesson", .string(id))] + progress.members).text + "\n"
  }

  /// The whole file with one line a lesson.
  public var text: String {
    lessons.sorted { $0.key < $1.key }.map { Self.line($0.value, of: $0.key) }.joined()
  }
}
