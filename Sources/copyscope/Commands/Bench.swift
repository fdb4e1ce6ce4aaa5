import ArgumentParser
import JSON

/// `copyscope bench`: how fast the parts are, each beside what it is measured against, in this one run.
struct Bench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: CommandName.bench.rawValue,
    abstract: "Measure verdicts, the map, long stories, the log reader and the start.",
    discussion: """
      Times are of the processor. Each row is measured by turns with its baseline; a ratio is the median of the \
      rounds, with the least and the most. Figures of a debug build say little; build with -c release.
      """)

  @Argument(help: "\(BenchGroup.allCases.map(\.rawValue).joined(separator: ", ")); all without.")
  var groups: [BenchGroup] = []

  @Option(help: "How often each thing is measured.")
  var rounds = 7

  @Option(help: "Megabytes of generated log to scan.")
  var megabytes = 64

  @Option(help: "text or json.")
  var format: OutputFormat = .text

  func validate() throws {
    guard (1...1024).contains(megabytes) else {
      throw ValidationError("--megabytes must be from 1 to 1024")
    }
    guard (1...1000).contains(rounds) else {
      throw ValidationError("--rounds must be from 1 to 1000")
    }
  }

  func run() throws {
    let measure = BenchRounds(count: rounds)
    var all: [BenchRow] = []
    for group in groups.isEmpty ? BenchGroup.allCases : groups {
      let rows = try rows(of: group, measure)
      all += rows
      guard format == .text else { continue }
      try Output.line(group.rawValue)
      for row in rows { try Output.line("  " + row.text) }
    }
    guard format == .json else { return }
    let members: [(key: String, value: JSONValue)] = [
      ("version", .unsigned(1)), ("rounds", JSONValue(rounds)),
      ("rows", .array(all.map { .object($0.json) })),
    ]
    try Output.line(JSONValue(members).text)
  }

  private func rows(of group: BenchGroup, _ measure: BenchRounds) throws -> [BenchRow] {
    switch group {
    case .verdict: try VerdictBench.rows(measure)
    case .map: try MapBench.rows(measure)
    case .story: try StoryBench.rows(measure)
    case .log: try LogBench(megabytes: megabytes).rows(measure)
    case .start: StartBench.rows(measure)
    }
  }
}
