import ArgumentParser
import Journal
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

  @Option(
    help: "The lessons of a course, by its id or file, in its order.",
    completion: Completion.courses)
  var course: String?

  func run() throws {
    let record = try ProgressKeeper.kept()
    if let course { return try list(try CourseSource(course), record) }
    switch format {
    case .text:
      try courses()
      var chapter = ""
      for lesson in Lessons.all {
        if lesson.chapter != chapter { try Output.line("\n" + lesson.chapter) }
        chapter = lesson.chapter
        try line(lesson, number: lesson.number, minutes: lesson.size.minutes, record)
      }
      try Output.line("\nEras lessons are judged by, and how each is known")
      for era in Era.all {
        try Output.line("     \(era.id) - \(era.title), \(EraWords.provenance(era).long)")
      }
    case .json:
      try Output.line(
        "[" + (try Lessons.all.map { try json($0, record) }).joined(separator: ",\n ") + "]")
    }
  }

  /// The courses there are.
  private func courses() throws {
    try Output.line("Courses ('copyscope lessons --course ID', 'copyscope open --course ID')")
    for course in CourseFile.shipped {
      let needs = course.needs.isEmpty ? "" : ", after \(course.needs.joined(separator: ", "))"
      try Output.line(
        "     \(course.id) - \(course.title): \(course.minutes) minutes, \(course.level.rawValue), "
          + "\(course.lessons.count) lessons\(needs)")
    }
  }

  private func list(_ course: CourseSource, _ record: ProgressRecord) throws {
    if format == .json {
      let lessons = course.file.lessons.compactMap { Lessons.find($0.lesson) }
      return try Output.line(
        "[" + (try lessons.map { try json($0, record) }).joined(separator: ",\n ") + "]")
    }
    let file = course.file
    try Output.line("\(file.title) (\(file.level.rawValue), \(file.minutes) minutes)")
    try Output.line(file.about)
    for (index, item) in file.lessons.enumerated() {
      if let lesson = Lessons.find(item.lesson) {
        try line(
          lesson, number: index + 1, minutes: item.minutes ?? lesson.size.minutes, record)
      } else {
        try Output.line("  \(index + 1)  \(FileName.shown(course.path(of: item)))")
      }
    }
  }

  private func line(
    _ lesson: Lessons.Entry, number: Int, minutes: Int, _ record: ProgressRecord
  ) throws {
    let size = lesson.size
    let done = record.lessons[lesson.id]
    var parts = ["\(minutes) min"]
    if let seen = done?.seen, seen > 0 {
      parts.append("seen \(min(seen, size.steps))/\(size.steps)")
    }
    if size.exercises > 0 {
      parts.append("solved \(done?.solved.count ?? 0)/\(size.exercises)")
    }
    let pad = String(repeating: " ", count: max(0, 3 - String(number).count))
    try Output.line("\(pad)\(number)  \(lesson.title)  (\(parts.joined(separator: ", ")))")
    try Output.line("     \(lesson.id) - \(lesson.about)")
  }

  private func json(_ lesson: Lessons.Entry, _ record: ProgressRecord) throws -> String {
    let size = lesson.size
    let done = record.lessons[lesson.id]
    let script = try ScenarioSource.load(lesson.id)
    let eras = Set(script.steps.flatMap { $0.expect.map { Array($0.eras.keys) } ?? [] })
      .union([script.era]).sorted()
    return JSONValue.object(
      JSONObject([
        ("id", .string(lesson.id)), ("number", .unsigned(UInt64(lesson.number))),
        ("title", .string(lesson.title)), ("about", .string(lesson.about)),
        ("chapter", .string(lesson.chapter)), ("minutes", JSONValue(size.minutes)),
        ("steps", JSONValue(size.steps)), ("exercises", JSONValue(size.exercises)),
        ("seen", JSONValue(done?.seen ?? 0)), ("solved", JSONValue(done?.solved.count ?? 0)),
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
