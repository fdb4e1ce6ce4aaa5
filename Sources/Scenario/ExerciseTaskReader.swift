import Simulation
import Text
import Usercopy

/// Reads what is handed in of an exercise: a copy, steps, an order of steps, or a number.
enum ExerciseTaskReader {
  static func task(_ fields: Fields) throws(Diagnostic) -> Exercise.Task {
    let isCopy = ExerciseKeys.copyTasks.contains(where: fields.has)
    let named = ExerciseKeys.tasks.filter(fields.has) + (isCopy ? ["allow' or 'deny"] : [])
    guard named.count == 1 else {
      let all = (ExerciseKeys.copyTasks + ExerciseKeys.tasks).map { "'\($0)'" }.joined(
        separator: ", ")
      throw Fields.diagnostic(
        fields.file, fields.mark,
        named.isEmpty
          ? "an exercise needs 'allow' or 'deny', or one of \(ExerciseKeys.tasks.map { "'\($0)'" }.joined(separator: ", "))"
          : "an exercise asks for one thing out of \(all); this one has '\(named.joined(separator: "' and '"))'"
      )
    }
    try refuseOthers(fields, isCopy: isCopy)
    if fields.has("does") { return .steps(try goal(fields)) }
    if fields.has("order") { return .order(try order(fields)) }
    if fields.has("number") { return .number(try question(fields)) }
    return .copy
  }

  /// Keys that belong to another kind of exercise.
  private static func refuseOthers(_ fields: Fields, isCopy: Bool) throws(Diagnostic) {
    for (key, owner) in ExerciseKeys.owners where fields.has(key) && !fields.has(owner) {
      throw fields.fail(key, "'\(key)' belongs to '\(owner)', which is not there")
    }
    guard !isCopy, let key = ExerciseKeys.ofCopies.first(where: fields.has) else { return }
    throw fields.fail(key, "'\(key)' asks about a copy; give 'allow' or 'deny'")
  }

  static func steps(_ key: String, _ fields: Fields) throws(Diagnostic) -> [ScriptStep] {
    var steps: [ScriptStep] = []
    for node in try fields.list(key) {
      var step = try StepReader.read(node, file: fields.file)
      // Where it stands is told of the exercise: two files that say the same are alike.
      (step.line, step.column, step.marks) = (0, 0, [:])
      steps.append(step)
    }
    guard steps.count <= ExerciseKeys.mostSteps else {
      throw fields.fail(key, "'\(key)' has more than \(ExerciseKeys.mostSteps) steps")
    }
    return steps
  }

  private static func goal(_ fields: Fields) throws(Diagnostic) -> Exercise.Goal {
    let does = try fields.requiredString("does")
    guard ScenarioGrammar.stepKinds.contains(does) else {
      throw fields.fail(
        "does", "'\(does)' is no call and no action",
        Nearest.word(to: does, among: ScenarioGrammar.stepKinds),
        known: ScenarioGrammar.stepKinds)
    }
    var goal = Exercise.Goal(
      does: does, isConfigured: try fields.bool("configured") ?? false,
      most: try fields.int("max-steps", in: 1...ExerciseKeys.mostSteps) ?? Exercise.Goal.usualMost)
    if let node = fields["expect"] {
      goal.expect = try ExpectationReader.read(node, file: fields.file)
    }
    guard fields.has("expect") || goal.isConfigured else {
      throw fields.fail("does", "an exercise with 'does' needs 'expect' or 'configured'")
    }
    return goal
  }

  private static func order(_ fields: Fields) throws(Diagnostic) -> [ScriptStep] {
    let steps = try steps("order", fields)
    guard ExerciseKeys.orderLength.contains(steps.count) else {
      throw fields.fail(
        "order",
        "'order' needs from \(ExerciseKeys.orderLength.lowerBound) to \(ExerciseKeys.orderLength.upperBound) steps"
      )
    }
    guard steps.allSatisfy({ $0.expect != nil }) else {
      throw fields.fail("order", "every step of 'order' needs 'expect': it tells a wrong order")
    }
    return steps
  }

  private static func question(_ fields: Fields) throws(Diagnostic) -> Exercise.Question {
    let word = try fields.requiredString("number")
    if word == ScenarioGrammar.distance {
      let places = try fields.texts("places")
      guard places.count == 2 else {
        throw fields.fail("number", "'distance' needs 'places: [one, other]'")
      }
      return .distance(from: Place(spelling: places[0]), to: Place(spelling: places[1]))
    }
    guard let count = Exercise.Count(rawValue: word) else {
      throw fields.fail(
        "number", "'\(word)' is no number that can be asked for",
        Nearest.word(to: word, among: ScenarioGrammar.numbers), known: ScenarioGrammar.numbers)
    }
    guard let node = fields["of"] else {
      throw fields.fail("number", "'\(word)' needs 'of', the step it is about")
    }
    let action = try StepReader.read(node, file: fields.file).action
    if count != .ret, case .copy = action { return .outcome(count, of: action) }
    guard !Exercise.Count.ofCopies.contains(count) else {
      throw fields.fail("of", "'\(word)' is a number of a copy")
    }
    return .outcome(count, of: action)
  }
}
