import ArgumentParser
import Foundation
import Inspector
import Scenario
import Simulation
import Theme

/// `copyscope export`: a lesson or a course to take home.
struct Export: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: CommandName.export.rawValue,
    abstract: "Write a lesson or a course as one page for a browser, or as a handout.",
    discussion: """
      The page needs no network: its steps are gone through with keys, buttons or a finger, and it asks before each \
      copy what it will do. The handout is Markdown, with the screens that matter, exercises, and solutions at its end.
      """)

  @Argument(
    help: "Lessons by id or number, scenario files, or a course by its id or file.",
    completion: Completion.lessonsAndCourses)
  var names: [String]

  @Option(name: .shortAndLong, help: "The file to write.", completion: .file())
  var output: String

  @Option(help: "html or md; what the file's name ends in where it is left out.")
  var format: Format?

  @Option(help: "Columns x rows of the screens.")
  var size = "120x36"

  @Flag(help: "A handout's notes for the lecturer, too.")
  var notes = false

  enum Format: String, ExpressibleByArgument, CaseIterable {
    case html, md
  }

  /// Most lessons of a page.
  private static let mostLessons = 200

  func run() throws {
    guard let (width, height) = ConfigFile.dimensions(size) else {
      throw BadInput.option("size", .notSize(size))
    }
    let (title, about, scripts) = try asked()
    let format = format ?? (output.hasSuffix(".md") ? .md : .html)
    var reels: [Reel] = []
    for script in scripts {
      do throws(ActionError) {
        reels.append(
          try Reel(script, width: width, height: height, allViews: format == .html))
      } catch { throw BadInput.copy(error) }
    }
    let text =
      switch format {
      case .md:
        HandoutText(title: title, about: about, reels: reels, showsNotes: notes).text
      case .html:
        HandoutPage(title: title, about: about, reels: reels).text(
          light: try ThemeChoice.theme("light"), dark: try ThemeChoice.theme("dark"))
      }
    try Output.save(text, as: output)
    let count = reels.count == 1 ? "1 lesson" : "\(reels.count) lessons"
    try Output.line("\(FileName.shown(output)): \(count), \(text.utf8.count >> 10) KiB")
  }

  /// What is to be written: the heading, what it is about, and the lessons.
  private func asked() throws -> (String, String, [Script]) {
    if names.count == 1, let name = names.first, try isCourse(name) {
      let course = try CourseSource(name)
      let scripts = try course.file.lessons.map { try ScenarioSource.load(course.path(of: $0)) }
      return (course.file.title, course.file.about, scripts)
    }
    guard names.count <= Self.mostLessons else {
      throw BadInput.option("output", .notCount(names.count))
    }
    let scripts = try names.map { try ScenarioSource.load($0) }
    let title = scripts.count == 1 ? scripts[0].title : "copyscope"
    return (title, scripts.count == 1 ? scripts[0].about : "", scripts)
  }

  /// A course's file has lessons where a scenario has steps.
  private func isCourse(_ name: String) throws -> Bool {
    if CourseSource.isCourse(name) { return true }
    guard name.hasSuffix(".yaml") || name.hasSuffix(".yml") else { return false }
    let text = try InputFile.text(of: name, limit: ScenarioReader.sizeLimit, onlyRegular: true)
    return text.split(separator: "\n").contains { $0.hasPrefix("lessons:") }
  }
}
