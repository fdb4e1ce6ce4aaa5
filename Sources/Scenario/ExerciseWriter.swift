import Simulation
import Usercopy

/// Writes exercises as the reader takes them back.
enum ExerciseWriter {
  static func pairs(_ exercise: Exercise) -> ScenarioWriter.Pairs {
    var pairs: ScenarioWriter.Pairs = [("ask", ScenarioWriter.scalar(exercise.ask))]
    for (key, words) in [
      ("allow", eras(exercise.allow)), ("deny", eras(exercise.deny)), ("hints", exercise.hints),
      ("entry", exercise.entries.map(\.rawValue)),
    ] where !words.isEmpty {
      pairs.append((key, list(words.map(ScenarioWriter.scalar))))
    }
    if let leaks = exercise.leaks { pairs.append(("leaks", String(leaks))) }
    if let direction = exercise.direction { pairs.append(("direction", direction.rawValue)) }
    if !exercise.reveals.isEmpty {
      pairs.append(("reveals", ScenarioWriter.scalar(exercise.reveals)))
    }
    if exercise.isChecked { pairs.append(("checked", "true")) }
    if exercise.warns { pairs.append(("warns", "true")) }
    if let place = exercise.place {
      pairs.append(("place", ScenarioWriter.scalar(place.spelling)))
    }
    if let limit = exercise.maxLength { pairs.append(("max-length", String(limit))) }
    if let region = exercise.region { pairs.append(("region", region.rawValue)) }
    pairs += task(exercise.task)
    if !exercise.because.isEmpty {
      pairs.append(("because", ScenarioWriter.scalar(exercise.because)))
    }
    if !exercise.solution.isEmpty { pairs.append(("solution", steps(exercise.solution))) }
    pairs.append(("step", String(exercise.step)))
    return pairs
  }

  private static func task(_ task: Exercise.Task) -> ScenarioWriter.Pairs {
    switch task {
    case .copy: return []
    case .order(let asked): return [("order", steps(asked))]
    case .number(.distance(let from, let to)):
      let places = [from, to].map { ScenarioWriter.scalar($0.spelling) }
      return [("number", "distance"), ("places", list(places))]
    case .number(.outcome(let count, let action)):
      return [("number", count.rawValue), ("of", step(ScriptStep(action: action)))]
    case .steps(let goal):
      var pairs: ScenarioWriter.Pairs = [("does", ScenarioWriter.scalar(goal.does))]
      let expect = ScenarioWriter.expectation(goal.expect)
      if !expect.isEmpty { pairs.append(("expect", ScenarioWriter.flow(expect))) }
      if goal.isConfigured { pairs.append(("configured", "true")) }
      if goal.most != Exercise.Goal.usualMost { pairs.append(("max-steps", String(goal.most))) }
      return pairs
    }
  }

  private static func steps(_ steps: [ScriptStep]) -> String { list(steps.map(step)) }

  /// A step in braces, as it stands inside another mapping.
  private static func step(_ step: ScriptStep) -> String {
    var pairs = [ActionWriter.step(step.action)].map { ($0.word, $0.value) }
    if let expect = step.expect {
      pairs.append(("expect", ScenarioWriter.flow(ScenarioWriter.expectation(expect))))
    }
    if !step.say.isEmpty { pairs.append(("say", ScenarioWriter.scalar(step.say))) }
    return ScenarioWriter.flow(pairs)
  }

  private static func list(_ items: [String]) -> String { "[\(items.joined(separator: ", "))]" }

  private static func eras(_ ids: [String]) -> [String] {
    ids == ScenarioGrammar.eras ? [ScenarioGrammar.allEras] : ids
  }
}
