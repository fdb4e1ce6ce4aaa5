public import Simulation

/// An exercise being worked on.
public struct ExerciseState: Sendable, Hashable {
  /// What is asked.
  public var exercise: Exercise
  /// From 1, and how many the lesson has.
  public var number: Int
  /// How many exercises the lesson has.
  public var count: Int
  /// Hints told so far.
  public var hints = 0
  /// What the judge said of the copy last handed in; nil before and after every change.
  public var answer: [Exercise.Missing]?

  /// The step the reader was at before.
  public var from: Int

  /// An exercise before anything was answered or hinted at.
  public init(exercise: Exercise, number: Int, count: Int, from: Int = 0) {
    self.from = from
    self.exercise = exercise
    self.number = number
    self.count = count
  }
}
