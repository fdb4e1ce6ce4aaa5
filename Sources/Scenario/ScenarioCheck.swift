import Narration
import Simulation
import Text

/// Plays a scenario once to see that every step can be done.
enum ScenarioCheck {
  static func check(_ script: Script, file: String) throws(Diagnostic) {
    var world: World
    do throws(ActionError) { world = try script.start() } catch {
      throw Diagnostic(
        file: file, line: 0, column: 0, message: "cannot start: \(ActionErrorWords.line(error))")
    }
    try check(script.exercises.filter { $0.step == 0 }, on: world, file: file)
    for (index, step) in script.steps.enumerated() {
      do throws(ActionError) { _ = try world.perform(step.action) } catch {
        let mark = step.marks[subject(error)] ?? SourceMark(line: step.line, column: step.column)
        throw Diagnostic(
          file: file, line: mark.line, column: mark.column, message: ActionErrorWords.line(error),
          suggestion: suggestion(error))
      }
      try check(script.exercises.filter { $0.step == index + 1 }, on: world, file: file)
    }
  }

  /// Sees that what exercises name is there, and that there is a copy to begin with.
  private static func check(_ exercises: [Exercise], on world: World, file: String)
    throws(Diagnostic)
  {
    for exercise in exercises {
      do throws(ActionError) {
        if let place = exercise.place { _ = try world.resolve(place) }
      } catch {
        let mark = exercise.marks["place"] ?? SourceMark(line: 0, column: 0)
        throw Diagnostic(
          file: file, line: mark.line, column: mark.column, message: ActionErrorWords.line(error),
          suggestion: suggestion(error))
      }
      if let message = problem(exercise, world) {
        let mark = exercise.marks["name"] ?? SourceMark(line: 0, column: 0)
        throw Diagnostic(file: file, line: mark.line, column: mark.column, message: message)
      }
    }
  }

  /// Why an exercise cannot be asked there, or cannot be answered as it is written.
  private static func problem(_ exercise: Exercise, _ world: World) -> String? {
    switch exercise.task {
    case .copy where exercise.draft(on: world) == nil:
      return "after step \(exercise.step) there is nothing to copy; give 'step' or 'place'"
    case .number where exercise.number(on: world) == nil:
      return "after step \(exercise.step) there is no such number"
    case .copy, .steps, .order, .number: break
    }
    guard !exercise.answer.isEmpty else { return nil }
    let missing = exercise.judge(world: world, steps: exercise.answer)
    guard let first = missing.first else { return nil }
    return "its solution is not accepted: \(ExerciseWords.sentence(first))"
  }

  /// Which part of a step an error is about.
  private static func subject(_ error: ActionError) -> String {
    switch error {
    case .unknownCache: "cache"
    case .unknownName: "place"
    case .structureTooLarge: "structure"
    default: "name"
    }
  }

  /// The cache of the same size by its name in another kernel: kmalloc-4k is kmalloc-4096.
  private static func sameSize(_ name: String, among known: [String]) -> String? {
    func bytes(_ name: String) -> Int? {
      guard let size = name.split(separator: "-").last else { return nil }
      return size.hasSuffix("k") ? Int(size.dropLast()).map { $0 << 10 } : Int(size)
    }
    return bytes(name).flatMap { wanted in known.first { bytes($0) == wanted } }
  }

  private static func suggestion(_ error: ActionError) -> String? {
    switch error {
    case .unknownCache(let name, let known):
      sameSize(name, among: known) ?? Nearest.word(to: name, among: known)
    case .unknownName(let name, let known), .unknownTask(let name, let known),
      .unknownEra(let name, let known),
      .unknownFile(let name, let known), .unknownThread(let name, let known):
      Nearest.word(to: name, among: known)
    default: nil
    }
  }
}
