import ArgumentParser

/// What is measured together.
enum BenchGroup: String, CaseIterable, ExpressibleByArgument {
  /// A copy judged.
  case verdict
  /// Every start and length of a page at once.
  case map
  /// Stepping to and fro in a long story, and the memory it takes.
  case story
  /// Reports found in a log.
  case log
  /// The program begun and ended.
  case start
}
