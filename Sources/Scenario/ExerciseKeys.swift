/// The keys of an exercise by what they belong to.
enum ExerciseKeys {
  /// Those of which exactly one says what is handed in, beside ``copyTasks``.
  static let tasks = ["does", "order", "number"]
  /// Those that say what a copy is to come to.
  static let copyTasks = ["allow", "deny"]
  /// Those that belong to one of the tasks.
  static let owners: [(key: String, owner: String)] = [
    ("expect", "does"), ("configured", "does"), ("max-steps", "does"), ("of", "number"),
    ("places", "number"),
  ]
  /// Those that ask about a copy.
  static let ofCopies = [
    "leaks", "place", "entry", "max-length", "direction", "reveals", "checked", "warns", "region",
  ]
  /// Those that ask about copies that pass, which needs eras that let them pass.
  static let ofPassing = ["leaks", "reveals", "checked", "warns"]
  /// Most steps that are handed in.
  static let mostSteps = 64
  /// How many steps can be put in order.
  static let orderLength = 3...9
}
