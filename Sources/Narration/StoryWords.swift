/// What is said of a scenario whose title and description wait for its end.
public enum StoryWords {
  /// Stands for the title of a scenario, with its number where it is a lesson.
  public static func unnamed(_ number: Int?) -> String {
    number.map { "Lesson \($0)" } ?? "Scenario"
  }

  /// Stands for what it is about.
  public static let aboutWaits =
    "You are asked before every copy and call what it does. The title, and what this is about, are told "
    + "at the end."
}
