import Simulation
import Usercopy

/// Writes exercises as the reader takes them back.
enum ExerciseWriter {
  static func pairs(_ exercise: Exercise) -> ScenarioWriter.Pairs {
    var pairs: ScenarioWriter.Pairs = [("ask", ScenarioWriter.scalar(exercise.ask))]
    for (key, words) in [
      ("allow", exercise.allow), ("deny", exercise.deny), ("hints", exercise.hints),
      ("entry", exercise.entries.map(\.rawValue)),
    ] where !words.isEmpty {
      pairs.append((key, "[\(words.map(ScenarioWriter.scalar).joined(separator: ", "))]"))
    }
    if let leaks = exercise.leaks { pairs.append(("leaks", String(leaks))) }
    if let place = exercise.place {
      pairs.append(("place", ScenarioWriter.scalar(place.spelling)))
    }
    if let limit = exercise.maxLength { pairs.append(("max-length", String(limit))) }
    if let region = exercise.region { pairs.append(("region", region.rawValue)) }
    pairs.append(("step", String(exercise.step)))
    return pairs
  }
}
