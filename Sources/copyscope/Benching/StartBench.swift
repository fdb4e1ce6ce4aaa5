/// The program begun and ended, against the shell doing nothing.
enum StartBench {
  static func rows(_ measure: BenchRounds) -> [BenchRow] {
    [["--version"], ["lessons"], ["run", "past-the-end"]].map { words in
      let rounds = measure.pairs {
        ChildTime.of([ChildTime.program] + words) ?? 0
      } against: {
        ChildTime.of(["sh", "-c", ":"]) ?? 0
      }
      return BenchRow(
        .start, "copyscope " + words.joined(separator: " "), .milliseconds, rounds,
        against: "sh -c :")
    }
  }
}
