import Narration
public import Simulation

/// An exercise being worked on.
public struct ExerciseState: Sendable, Equatable {
  /// What is asked.
  public var exercise: Exercise
  /// From 1, and how many the lesson has.
  public var number: Int
  /// How many exercises the lesson has.
  public var count: Int
  /// Hints told so far.
  public var hints = 0
  /// What the judge said of what was handed in last; nil before and after every change.
  public var answer: [Exercise.Missing]?
  /// The solution, a line a step; nil while it is not asked for.
  public var solution: [String]?

  /// It was handed in and accepted.
  public var isDone: Bool { answer?.isEmpty == true }

  /// The step the reader was at before.
  public var from: Int

  /// An exercise before anything was answered or hinted at.
  public init(exercise: Exercise, number: Int, count: Int, from: Int = 0) {
    self.from = from
    self.exercise = exercise
    self.number = number
    self.count = count
  }

  /// Tells one hint more, behind the last one the solution; what is said when there is nothing more.
  ///
  /// - Parameter world: the machine of the exercise.
  mutating func tellMore(on world: World) -> String? {
    answer = nil
    guard hints == exercise.hints.count else {
      hints += 1
      return nil
    }
    guard solution == nil else { return "that was all" }
    let number = exercise.number(on: world).map { ["\($0)"] } ?? []
    let lines = ExerciseTaskWords.solution(exercise) + number
    guard !lines.isEmpty else { return hints == 0 ? "there are no hints" : "that was all" }
    solution = lines
    return nil
  }
}
