import Foundation
import Scenario
import Text

/// A course from those that come along, or from a file.
struct CourseSource {
  /// What the course's file says.
  var file: CourseFile
  /// The folder its own lessons lie in; empty for a course that comes along.
  private var folder = ""

  /// Largest course file, bytes.
  private static let limit = 1 << 16

  /// - Parameter name: a course's id, or the name of a file.
  init(_ name: String) throws {
    if let known = CourseFile.shipped.first(where: { $0.id == name }) {
      file = known
      return
    }
    guard Self.isFile(name) else {
      let ids = CourseFile.shipped.map(\.id)
      throw BadInput.unknownCourse(name, known: ids, meant: Nearest.word(to: name, among: ids))
    }
    let text = try InputFile.text(of: name, limit: Self.limit, onlyRegular: true)
    do throws(Diagnostic) {
      file = try CourseFile.read(
        text, file: FileName.shown(name), id: ScenarioSource.identifier(name))
    } catch { throw BadInput.diagnostic(error) }
    folder = name.lastIndex(of: "/").map { String(name[...$0]) } ?? ""
  }

  /// Whether a name is that of a course and of no lesson.
  static func isCourse(_ name: String) -> Bool {
    CourseFile.shipped.contains { $0.id == name }
  }

  private static func isFile(_ name: String) -> Bool {
    name.contains("/") || name.contains(".")
  }

  /// Where a lesson of the course is found: its id, or its file's name.
  func path(of item: CourseFile.Item) -> String {
    Lessons.find(item.lesson) == nil ? folder + item.lesson : item.lesson
  }
}
