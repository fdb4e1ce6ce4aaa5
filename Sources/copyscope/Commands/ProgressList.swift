import ArgumentParser
import Foundation
import Journal
import JSON
import Scenario
import Text

/// `copyscope progress`: what was seen, solved and predicted, for oneself or for a class.
struct ProgressList: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: CommandName.progress.rawValue,
    abstract: "Show what you have seen, solved and predicted of the lessons.",
    discussion: """
      It is kept in $XDG_STATE_HOME/copyscope/progress (~/.local/state/copyscope/progress) and goes nowhere else. \
      --format csv or json writes it for whom you want to give it to.
      """)

  @Option(help: "text, csv or json.")
  var format: Format = .text

  @Option(help: "Whose it is: the first column of csv, a member of json.")
  var name: String?

  @Flag(help: "Throw away what was kept.")
  var forget = false

  enum Format: String, ExpressibleByArgument, CaseIterable {
    case text, csv, json
  }

  /// A lesson and what was done of it.
  private struct Row {
    var lesson: Lessons.Entry
    var done: LessonProgress
    var size: LessonSize { lesson.size }
  }

  func run() throws {
    if forget { return try throwAway() }
    let record = try ProgressKeeper.kept()
    let rows = Lessons.all.compactMap { lesson in
      record.lessons[lesson.id].map { Row(lesson: lesson, done: $0) }
    }
    switch format {
    case .text: try text(rows, record)
    case .csv: try csv(rows)
    case .json: try Output.line("[" + rows.map { json($0).text }.joined(separator: ",\n ") + "]")
    }
  }

  private func throwAway() throws {
    guard let path = ProgressKeeper.path, FileManager.default.fileExists(atPath: path) else {
      return try Output.line("Nothing was kept.")
    }
    guard unlink(path) == 0 else {
      throw BadInput.option("forget", .file(path, errno))
    }
    try Output.line("\(FileName.shown(path)) is thrown away.")
  }

  private func text(_ rows: [Row], _ record: ProgressRecord) throws {
    guard !rows.isEmpty else {
      let place = ProgressKeeper.path.map { " in \(FileName.shown($0))" } ?? ""
      return try Output.line("Nothing was kept yet\(place).")
    }
    for row in rows {
      let size = row.size
      var parts = ["seen \(min(row.done.seen, size.steps))/\(size.steps)"]
      if size.exercises > 0 {
        parts.append("solved \(row.done.solved.count)/\(size.exercises)")
      }
      if row.done.predicted > 0 {
        parts.append("predicted \(row.done.right) of \(row.done.predicted) right")
      }
      if !row.done.bookmarks.isEmpty { parts.append("bookmarks \(numbers(row.done.bookmarks))") }
      let number = String(row.lesson.number)
      let pad = String(repeating: " ", count: max(0, 3 - number.count))
      try Output.line("\(pad)\(number)  \(row.lesson.title): \(parts.joined(separator: ", "))")
      for (step, note) in row.done.notes.sorted(by: { $0.key < $1.key }) {
        try Output.line("       step \(step): \(Printable.text(note))")
      }
    }
    let exercises = Lessons.all.reduce(0) { $0 + $1.size.exercises }
    let solved = rows.reduce(0) { $0 + $1.done.solved.count }
    let seen = rows.count { $0.done.seen >= $0.size.steps }
    try Output.line(
      "\n\(seen) of \(Lessons.all.count) lessons seen to the end, "
        + "\(solved) of \(exercises) exercises solved.")
    if record.broken > 0 {
      Output.complain("copyscope: \(record.broken) lines of the file could not be read\n")
    }
  }

  private func numbers(_ numbers: Set<Int>) -> String {
    numbers.sorted().map(String.init).joined(separator: " ")
  }

  private static let columns = [
    "number", "lesson", "title", "chapter", "minutes", "steps", "seen", "exercises", "solved",
    "predicted", "right", "bookmarks", "notes",
  ]

  private func csv(_ rows: [Row]) throws {
    let owner = name.map { [$0] } ?? []
    try Output.line((owner.map { _ in "name" } + Self.columns).joined(separator: ","))
    for row in rows {
      let notes = row.done.notes.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }
      let cells = [
        String(row.lesson.number), row.lesson.id, row.lesson.title, row.lesson.chapter,
        String(row.size.minutes), String(row.size.steps), String(row.done.seen),
        String(row.size.exercises), numbers(row.done.solved), String(row.done.predicted),
        String(row.done.right), numbers(row.done.bookmarks), notes.joined(separator: "; "),
      ]
      try Output.line((owner + cells).map(Self.cell).joined(separator: ","))
    }
  }

  /// A cell in quotes where it has to be; one that a spreadsheet would take for a formula is made text.
  private static func cell(_ text: String) -> String {
    var text = Printable.text(text)
    if let first = text.first, "=+-@".contains(first) { text = "'" + text }
    guard text.contains(where: { ",\"\n'".contains($0) }) else { return text }
    return "\"" + text.replacing("\"", with: "\"\"") + "\""
  }

  private func json(_ row: Row) -> JSONValue {
    JSONValue(
      (name.map { [("name", .string($0))] } ?? []) + [
        ("lesson", .string(row.lesson.id)), ("number", JSONValue(row.lesson.number)),
        ("title", .string(row.lesson.title)), ("chapter", .string(row.lesson.chapter)),
        ("minutes", JSONValue(row.size.minutes)), ("steps", JSONValue(row.size.steps)),
        ("exercises", JSONValue(row.size.exercises)),
      ] + row.done.members)
  }
}
