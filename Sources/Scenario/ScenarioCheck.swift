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
      if exercise.draft(on: world) == nil {
        let mark = exercise.marks["name"] ?? SourceMark(line: 0, column: 0)
        throw Diagnostic(
          file: file, line: mark.line, column: mark.column,
          message: "after step \(exercise.step) there is nothing to copy; give 'step' or 'place'")
      }
    }
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

  private static func suggestion(_ error: ActionError) -> String? {
    switch error {
    case .unknownName(let name, let known), .unknownCache(let name, let known),
      .unknownTask(let name, let known), .unknownEra(let name, let known),
      .unknownFile(let name, let known), .unknownThread(let name, let known):
      Nearest.word(to: name, among: known)
    default: nil
    }
  }
}
