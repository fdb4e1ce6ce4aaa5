import Foundation
import Scenario
import Simulation

/// The course and the folders it lies in.
enum LessonFiles {
  static let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
  static let folder = tests.deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Sources/Scenario/Lessons")
  static let transcripts = tests.appendingPathComponent("Transcripts")

  /// The lesson of that id, read and checked.
  static func script(_ id: String) throws -> Script {
    guard let entry = Lessons.find(id) else { throw Missing(id: id) }
    return try Lessons.script(entry)
  }

  struct Missing: Error {
    var id: String
  }

  static let ids = Lessons.all.map(\.id)
}

/// Lines of `text` wrapped at words, as a pane of `columns` shows them.
func wrapped(_ text: String, columns: Int) -> [String] {
  var lines: [String] = []
  for word in text.split(separator: " ") {
    if let last = lines.last, last.count + 1 + word.count <= columns {
      lines[lines.count - 1] = last + " " + word
    } else {
      lines.append(String(word))
    }
  }
  return lines
}
