import Simulation
import Text
import Usercopy
import Yams

/// Reads one exercise.
enum ExerciseReader {
  /// - Parameter steps: steps of the scenario; without `step` all of them are done.
  static func read(_ node: Node, file: String, steps: Int) throws(Diagnostic) -> Exercise {
    let fields = try Fields(
      node, file: file, subject: "an exercise", known: ScenarioGrammar.exercise.names)
    var exercise = Exercise(ask: try fields.requiredString("ask"))
    exercise.allow = try eras("allow", fields)
    exercise.deny = try eras("deny", fields)
    exercise.task = try ExerciseTaskReader.task(fields)
    exercise.because = try fields.string("because") ?? ""
    exercise.solution = try ExerciseTaskReader.steps("solution", fields)
    if let both = exercise.allow.first(where: { exercise.deny.contains($0) }) {
      throw fields.fail("deny", "'\(both)' cannot both let the copy pass and refuse it")
    }
    exercise.hints = try fields.texts("hints")
    exercise.leaks = try fields.bool("leaks")
    if fields.has("place") { exercise.place = Place(spelling: try fields.requiredString("place")) }
    exercise.entries = try entries(fields)
    exercise.direction = try direction(fields)
    exercise.reveals = try fields.string("reveals") ?? ""
    exercise.isChecked = try fields.bool("checked") ?? false
    exercise.warns = try fields.bool("warns") ?? false
    try asksOfPassing(exercise, fields)
    exercise.maxLength = try fields.unsigned("max-length")
    exercise.region = try fields.choice("region", of: Exercise.Region.self)
    exercise.step = try fields.int("step", in: 0...steps) ?? steps
    for (subject, key) in [("place", "place"), ("name", "ask")] {
      if let mark = fields.place(key) {
        exercise.marks[subject] = SourceMark(line: mark.line, column: mark.column)
      }
    }
    return exercise
  }

  private static func direction(_ fields: Fields) throws(Diagnostic) -> CopyDirection? {
    guard let text = try fields.string("direction") else { return nil }
    guard let direction = CopyDirection(rawValue: text), direction != .userToUser else {
      throw fields.fail("direction", "'direction' must be to_user or from_user")
    }
    return direction
  }

  private static func asksOfPassing(_ exercise: Exercise, _ fields: Fields) throws(Diagnostic) {
    guard exercise.allow.isEmpty, let key = ExerciseKeys.ofPassing.first(where: fields.has) else {
      return
    }
    throw fields.fail(key, "'\(key)' asks about the eras of 'allow', and there are none")
  }

  private static func eras(_ key: String, _ fields: Fields) throws(Diagnostic) -> [String] {
    let known = Era.all.map(\.id)
    let ids = try fields.texts(key)
    if ids == [ScenarioGrammar.allEras] { return Era.compared.map(\.id) }
    for (index, id) in ids.enumerated() where !known.contains(id) {
      throw Fields.diagnostic(
        fields.file, try fields.list(key)[index].mark, "unknown era '\(id)'",
        Nearest.word(to: id, among: known), known: known)
    }
    return ids
  }

  private static func entries(_ fields: Fields) throws(Diagnostic) -> [EntryPoint] {
    let known = EntryPoint.allCases.map(\.rawValue)
    var entries: [EntryPoint] = []
    for (index, word) in try fields.texts("entry").enumerated() {
      guard let entry = EntryPoint(rawValue: word) else {
        throw Fields.diagnostic(
          fields.file, try fields.list("entry")[index].mark, "'\(word)' is no entry",
          Nearest.word(to: word, among: known), known: known)
      }
      entries.append(entry)
    }
    return entries
  }
}
