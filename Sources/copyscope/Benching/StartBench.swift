/// The program begun and ended, against the shell doing nothing.
enum StartBench {
  private static let idle = ["sh", "-c", ":"]

  static func rows(_ measure: BenchRounds) -> [BenchRow] {
    [["--version"], ["lessons"], ["run", "past-the-end"]].map { words in
      let name = "copyscope " + words.joined(separator: " ")
      let rounds = try? measure.pairs {
        try ChildTime.of([ChildTime.program] + words)
      } against: {
        try ChildTime.of(idle)
      }
      return rounds.map { BenchRow(.start, name, .milliseconds, $0, against: "sh -c :") }
        ?? BenchRow(.start, name, .milliseconds, lack: "it cannot be run here")
    }
  }
}
