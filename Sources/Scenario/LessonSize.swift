/// How much there is in a lesson, counted in its text without reading it as a scenario.
public struct LessonSize: Sendable, Hashable {
  /// Steps of its story.
  public private(set) var steps = 0
  /// Exercises behind it.
  public private(set) var exercises = 0
  private var words = 0

  /// About how long it takes alone, exercises included, minutes: reading, a look at each step, thinking.
  public var minutes: Int {
    let seconds =
      words * 60 / Self.wordsAMinute + steps * Self.secondsAStep
      + exercises * Self.secondsAnExercise
    return max(1, (seconds + 30) / 60)
  }

  private static let wordsAMinute = 120
  private static let secondsAStep = 12
  private static let secondsAnExercise = 90

  /// Counts in a scenario file's text as lessons are laid out: a step or an exercise begins at the third column.
  init(_ text: String) {
    var isInExercises = false
    for line in text.utf8.split(separator: UInt8(ascii: "\n")) {
      if line.elementsEqual("exercises:".utf8) { isInExercises = true }
      if line.starts(with: "  - ".utf8) {
        if isInExercises { exercises += 1 } else if !line.starts(with: "  - {".utf8) { steps += 1 }
      }
      for key in ["    say: ", "  - ask: "] where line.starts(with: key.utf8) {
        words +=
          1 + line.count { $0 == UInt8(ascii: " ") } - key.utf8.count { $0 == UInt8(ascii: " ") }
      }
    }
  }
}
