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

  /// Measures it.
  func rows(_ measure: BenchRounds, megabytes: Int) throws -> [BenchRow] {
    switch self {
    case .verdict: try VerdictBench.rows(measure)
    case .map: try MapBench.rows(measure)
    case .story: try StoryBench.rows(measure)
    case .log: try LogBench(megabytes: megabytes).rows(measure)
    case .start: StartBench.rows(measure)
    }
  }
}
