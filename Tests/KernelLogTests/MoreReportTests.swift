import Foundation
import JSON
import KernelLog
import Narration
import Testing

/// Reports of many machines and releases, each with what it says; nothing else may be said of it.
@Suite struct MoreReportTests {
  struct Sample: Sendable, CustomTestStringConvertible {
    let number: Int
    let expected: JSONValue
    let text: String
    var testDescription: String { "\(number)" }
  }

  /// The samples of the file: a line "=== {what it says}", then the log.
  static let samples: [Sample] = {
    samples(String(decoding: (try? Fixture.unpacked("more.txt.gz")) ?? [], as: UTF8.self))
  }()

  private static func samples(_ text: String) -> [Sample] {
    text.split(separator: "=== ").enumerated().compactMap { number, part in
      let lines = part.split(separator: "\n", maxSplits: 1)
      guard lines.count == 2, let expected = try? JSONValue(parsing: String(lines[0])) else {
        return nil
      }
      return Sample(number: number + 1, expected: expected, text: String(lines[1]))
    }
  }

  /// Logs whose reports were read wrongly once: their line may hold several "reports", and "neighbours".
  static let logs: [Sample] = {
    let packed = try? Fixture.unpacked("unseen.txt.xz")
    let text = String(decoding: packed ?? [], as: UTF8.self)
    return samples(text)
  }()

  static func report(_ sample: Sample) throws -> Report {
    let reports = scan(sample.text)
    #expect(reports.count == 1)
    return try #require(reports.first)
  }

  @Test func thereAreThirty() { #expect(Self.samples.count == 30) }

  @Test(arguments: samples)
  func allItSaysIsRead(_ sample: Sample) throws {
    let json = try Self.report(sample).json
    func expect(_ key: String, _ value: JSONValue?) {
      #expect((value ?? .null) == (sample.expected[key] ?? .null), "\(key)")
    }
    for key in ["direction", "object", "cache", "detail", "address", "offset", "size"] {
      expect(key, json[key])
    }
    expect("copier", json["copier"]?["function"])
    expect("module", json["copier"]?["module"])
    expect("release", json["release"])
    expect("command", json["command"])
    expect("machine", json["architecture"]?["name"])
    for key in ["pid", "cpu", "taint", "place", "least", "most"] where sample.expected[key] != nil {
      let value =
        switch key {
        case "place": json["copier"]?["place"]
        case "least", "most": json["object_size"]?[key]
        default: json[key]
        }
      expect(key, value)
    }
    let cause = json["causes"]?[0]
    expect("cause", cause?["kind"])
    expect("cause_basis", cause?["basis"])
    let isForeign = json["copier"]?["out_of_tree"] == .bool(true)
    #expect(isForeign == (sample.expected["out_of_tree"] == .bool(true)))
  }

  @Test func thereAreFiftySixLogs() { #expect(Self.logs.count == 56) }

  /// All of a log's reports and no other, each with its fields; a copier only where the trace is the check's.
  @Test(arguments: logs)
  func aLogIsReadWhole(_ sample: Sample) throws {
    let found = findings(Array(sample.text.utf8))
    let expected = sample.expected["reports"].flatMap(\.array) ?? [sample.expected]
    let reports = found.compactMap(\.report)
    try #require(reports.count == expected.count)
    for (report, expected) in zip(reports, expected) { check(report, expected) }
    let messages = sample.expected["neighbours"].flatMap(\.array) ?? []
    let neighbours = found.compactMap(\.neighbour)
    try #require(neighbours.count == messages.count)
    for (neighbour, expected) in zip(neighbours, messages) {
      #expect(neighbour.json["kind"] == expected["kind"])
      for key in ["size", "object_size"] where expected[key] != nil {
        #expect(neighbour.json[key] == expected[key], "\(key)")
      }
      guard let caller = expected["caller"] else { continue }
      #expect(neighbour.json["caller"]?["function"] == caller)
    }
  }

  private func check(_ report: Report, _ expected: JSONValue) {
    let json = report.json
    for key in ["direction", "object", "cache", "address", "offset", "size", "release", "command"] {
      #expect(json[key] == (expected[key] ?? .null), "\(key)")
    }
    for key in ["pid", "cpu", "taint", "complete"] where expected[key] != nil {
      #expect(json[key] == expected[key], "\(key)")
    }
    #expect((json["architecture"]?["name"] ?? .null) == (expected["machine"] ?? .null))
    let copier = json["copier"]
    let isAssumed = copier?["basis"] == .string("assumed")
    #expect((isAssumed ? nil : copier?["function"]) ?? .null == (expected["copier"] ?? .null))
    for key in ["module", "place"] where expected[key] != nil {
      #expect(copier?[key] == expected[key], "\(key)")
    }
    if let callers = expected["callers"] {
      #expect(JSONValue(report.aftermath.chain.map(\.function)) == callers)
    }
    if let backported = expected["backported"] {
      #expect(EraConclusion(report).backported.count == backported.int)
    }
    #expect(report.wording != .assertion || report.isWarning == (expected["warning"] != nil))
  }

  /// Each number and each function of what is called known stands in the log.
  @Test(arguments: samples)
  func whatIsKnownStandsInTheLog(_ sample: Sample) throws {
    let report = try Self.report(sample)
    for said in ReportWords.statements(report) {
      if said.basis == .assumed { #expect(said.text.contains("ssumed"), "\(said.text)") }
      guard said.basis == .known, !said.text.hasPrefix("Era:") else { continue }
      // The line's number counts lines; words in brackets explain letters.
      let text = said.text.replacing(#/^Line \d+: /#, with: "")
        .replacing(#/\([a-z][^)]*\)/#, with: "")
      for match in text.matches(of: #/0x[0-9a-f]+|[0-9]{2,}|\w+_\w+/#) {
        let word = String(match.output)
        #expect(Self.stands(word, in: sample.text), "\(word): \(said.text)")
      }
    }
  }

  private static func stands(_ word: String, in text: String) -> Bool {
    if text.contains(word) { return true }
    // A wrapped address or length is told as the hexadecimal or signed number it is.
    guard word.hasPrefix("0x"), let number = UInt64(word.dropFirst(2), radix: 16) else {
      return UInt64(word).map { text.contains(String(0 &- $0)) } ?? false
    }
    return text.contains(String(number))
  }

  /// What the eras come to is told of an object whose size is known, or with the word that it is assumed.
  @Test(arguments: samples)
  func verdictsSayWhatTheyRestOn(_ sample: Sample) throws {
    let report = try Self.report(sample)
    guard let script = ReportScene.script(report) else { return }
    for said in ReportVerdicts.statements(report, script) where said.basis == .assumed {
      #expect(said.text.contains("(assumed)"), "\(said.text)")
    }
    let bounds = Assessment(report).bounds
    for said in ReportVerdicts.statements(report, script)
    where bounds.map({ $0.exact == nil }) == true {
      #expect(said.basis == .assumed || said.text.contains("from a cache without a window"))
    }
  }
}
