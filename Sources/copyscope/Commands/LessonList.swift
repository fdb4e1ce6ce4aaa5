import ArgumentParser
import JSON
import Narration
import Scenario
import Simulation
import Usercopy

/// `copyscope lessons`: the course.
struct LessonList: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: CommandName.lessons.rawValue, abstract: "List the lessons.")

  @Option(help: "text or json.")
  var format: OutputFormat = .text

  func run() throws {
    switch format {
    case .text:
      var chapter = ""
      for lesson in Lessons.all {
        if lesson.chapter != chapter {
          try Output.line((chapter.isEmpty ? "" : "\n") + lesson.chapter)
        }
        chapter = lesson.chapter
        let number = String(lesson.number)
        let pad = String(repeating: " ", count: max(0, 3 - number.count))
        try Output.line("\(pad)\(number)  \(lesson.title)")
        try Output.line("     \(lesson.id) - \(lesson.about)")
      }
      try Output.line("\nEras lessons are judged by, and how each is known")
      for era in Era.all {
        try Output.line("     \(era.id) - \(era.title), \(EraWords.provenance(era).long)")
      }
    case .json: try Output.line("[" + (try Lessons.all.map(json)).joined(separator: ",\n ") + "]")
    }
  }

  private func json(_ lesson: Lessons.Entry) throws -> String {
    let script = try ScenarioSource.load(lesson.id)
    let eras = Set(script.steps.flatMap { $0.expect.map { Array($0.eras.keys) } ?? [] })
      .union([script.era]).sorted()
    return JSONValue.object(
      JSONObject([
        ("id", .string(lesson.id)), ("number", .unsigned(UInt64(lesson.number))),
        ("title", .string(lesson.title)), ("about", .string(lesson.about)),
        ("eras", .array(eras.map { .string($0) })),
        (
          "known",
          .object(
            JSONObject(
              eras.compactMap { id in
                Era.named(id).map { (id, .string($0.provenance.rawValue)) }
              }))
        ),
      ])
    ).text
  }
}
