public import Simulation
import Usercopy

/// Exercises in words.
public enum ExerciseWords {
  /// What must hold of the copy, a short sentence each.
  public static func conditions(_ exercise: Exercise) -> [String] {
    var lines: [String] = []
    if !exercise.allow.isEmpty { lines.append("Passes: \(eras(exercise.allow)).") }
    if !exercise.deny.isEmpty { lines.append("Refused: \(eras(exercise.deny)).") }
    if let direction = exercise.direction { lines.append("Bytes go \(words(direction)).") }
    if exercise.isChecked { lines.append("A check must run.") }
    if exercise.warns { lines.append("The kernel warns.") }
    if !exercise.reveals.isEmpty { lines.append("It hands out \"\(exercise.reveals)\".") }
    if let leaks = exercise.leaks {
      lines.append(
        leaks ? "Bytes outside the object go too." : "Only the object's own bytes go.")
    }
    if let place = exercise.place { lines.append("It starts inside \(place.spelling).") }
    if let region = exercise.region { lines.append("It starts \(words(region)).") }
    if !exercise.entries.isEmpty {
      lines.append("By way of \(list(exercise.entries.map(\.rawValue), last: "or")).")
    }
    if let limit = exercise.maxLength {
      lines.append("At most \(ValueWords.bytes(limit)).")
    }
    return lines + ExerciseTaskWords.conditions(exercise)
  }

  /// What is not met, in at most two sentences and how much more there is.
  public static func summary(_ missing: [Exercise.Missing]) -> String {
    let isStill = missing.allSatisfy { if case .nothingMoved = $0 { true } else { false } }
    if missing.count > 1, isStill { return "It passes, but no byte moves." }
    let first = missing.prefix(2).map(sentence)
    let left = missing.count - first.count
    return (first + (left > 0 ? ["And \(left) more."] : [])).joined(separator: " ")
  }

  /// Which part is not met, a sentence.
  public static func sentence(_ missing: Exercise.Missing) -> String {
    switch missing {
    case .noSuchStep(let does): does.isEmpty ? "No step was made." : "No step is \(does)."
    case .tooManySteps(let count, let limit):
      "\(count) steps are more than the \(limit) allowed."
    case .otherwise(let step, let miss): ExerciseTaskWords.sentence(step, miss)
    case .notConfigured: "The host has not configured the device."
    case .otherNumber: "That is not the number."
    case .impossible(let error): "The copy cannot be made: \(ActionErrorWords.line(error))."
    case .notAllowed(let era, let verdict): "\(era) \(answer(verdict)); it should let it pass."
    case .nothingMoved(let era): "\(era) lets it pass, but no byte moves."
    case .notDenied(let era, let verdict): "\(era) \(answer(verdict)); it should refuse it."
    case .userSide(let era):
      "\(era) refuses it for the user's side of the copy; the kernel's is asked about."
    case .unchecked(let era): "\(era) lets it pass without running a check."
    case .noWarning(let era): "\(era) does not warn about it."
    case .notRevealed(let text): "\"\(text)\" is not among the bytes that go out."
    case .otherDirection(let asked): "The bytes should go \(words(asked))."
    case .noLeak(let era): "Under \(era) only the object's own bytes go."
    case .leak(let era, let bytes):
      "Under \(era) \(ValueWords.bytes(bytes)) go that are not the object's own."
    case .startsOutside(let place): "It does not start inside \(place.spelling)."
    case .otherEntry(let entry, let asked):
      "It goes by way of \(entry.rawValue), not \(list(asked.map(\.rawValue), last: "or"))."
    case .tooLong(let length, let limit):
      "\(ValueWords.bytes(length)) are more than the \(ValueWords.quantity(limit)) allowed."
    case .outsideRegion(let region): "It does not start \(words(region))."
    }
  }

  /// An exercise as a transcript prints it.
  ///
  /// - Parameters:
  ///   - exercise: what is asked.
  ///   - number: its number in the scenario, from 1.
  ///   - hints: the hints too.
  public static func lines(_ exercise: Exercise, number: Int, hints: Bool) -> [String] {
    ["Exercise \(number), after step \(exercise.step): \(exercise.ask)"]
      + conditions(exercise).map { "  - \($0)" }
      + ExerciseTaskWords.choices(exercise).map { "  \($0)" }
      + (hints ? exercise.hints.map { "  Hint: \($0)" } + answer(exercise) : [])
  }

  /// The solution and why it is right, as the lecturer reads them.
  private static func answer(_ exercise: Exercise) -> [String] {
    ExerciseTaskWords.solution(exercise).map { "  Solution: \($0)" }
      + (exercise.because.isEmpty ? [] : ["  Why: \(exercise.because)"])
  }

  private static func answer(_ verdict: Verdict) -> String {
    switch verdict {
    case .allow: "lets it pass"
    case .deny: "refuses it"
    case .bug: "dies of an assertion"
    case .hang: "never comes back"
    }
  }

  private static func words(_ region: Exercise.Region) -> String {
    switch region {
    case .slab: "in a slab"
    case .stack: "on the running task's stack"
    case .slabTail: "behind the last object of a slab"
    }
  }

  private static func words(_ direction: CopyDirection) -> String {
    switch direction {
    case .toUser: "to the program"
    case .fromUser: "into the kernel"
    case .userToUser: "from user memory to user memory"
    }
  }

  private static func eras(_ ids: [String]) -> String {
    ids == Era.compared.map(\.id) ? "every era" : list(ids)
  }

  private static func list(_ words: [String], last: String = "and") -> String {
    guard words.count > 1, let end = words.last else { return words.first ?? "" }
    return words.dropLast().joined(separator: ", ") + " \(last) \(end)"
  }
}
