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
      pairs.append((key, "[\(words.map(ScenarioWriter.scalar).joined(separator: ", "))]"))
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
    pairs.append(("step", String(exercise.step)))
    return pairs
  }

  private static func eras(_ ids: [String]) -> [String] {
    ids == ScenarioGrammar.eras ? [ScenarioGrammar.allEras] : ids
  }
}
