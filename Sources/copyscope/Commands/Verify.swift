import ArgumentParser
import Conformance
import Foundation
import JSON
import Narration
import Text

/// `copyscope verify`: recorded vectors against the simulation.
struct Verify: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: CommandName.verify.rawValue,
    abstract: "Replay recorded vectors and count where the simulation differs.",
    discussion: "The last line says 'N passed, N failed'; the exit status is 1 if any failed.")

  @Argument(
    help: "Vector files, one JSON object a line; or NAME.ioctls.jsonl with the files beside it.",
    completion: .file())
  var files: [String]

  @Option(help: "Only vectors of this policy.")
  var era: String?

  @Option(help: "Only vectors of this group.")
  var group: String?

  @Flag(help: "Print what differed in each failed vector.")
  var showFailures = false

  func run() throws {
    var tally = Tally()
    for file in files {
      if file.hasSuffix(RecordedDriver.ending) {
        let recording = try RecordedDriver.read(file)
        let result = VectorResult(recording)
        tally.add(result)
        if showFailures, !result.passed { try report(result) }
        continue
      }
      var number = 0
      var holdsVectors = false
      try InputFile.lines(of: file) { line in
        number += 1
        guard let vector = try Self.vector(line, file, number) else {
          return
        }
        if VectorFile.isVector(vector) { holdsVectors = true }
        let result = VectorFile.replay(vector)
        guard era == nil || result.policy == era, group == nil || result.group == group else {
          return
        }
        tally.add(result)
        if showFailures, !result.passed { try report(result) }
      }
      guard holdsVectors else {
        throw BadInput.file(file, .noVectors)
      }
    }
    if tally.groups.count > 1 { try printGroups(tally) }
    try Output.line("\(tally.passed) passed, \(tally.failed) failed")
    if tally.failed > 0 { throw ExitCode(1) }
  }

  /// The JSON object of a line; nil for a blank one.
  private static func vector(
    _ line: ArraySlice<UInt8>, _ file: String, _ number: Int
  ) throws -> JSONValue? {
    guard line.contains(where: { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\r") }) else {
      return nil
    }
    do throws(JSONError) {
      let value = try JSONValue(parsing: line)
      if case .object = value { return value }
    } catch {
      throw BadInput.file(file, .notJSON(line: number, error))
    }
    throw BadInput.file(file, .notJSON(line: number, nil))
  }

  private func report(_ result: VectorResult) throws {
    try Output.line("\(Printable.text(result.id)):")
    for mismatch in result.mismatches {
      try Output.line("  \(Printable.text(mismatch.place))")
      try Output.line("    expected \(Printable.text(mismatch.expected))")
      try Output.line("    got      \(Printable.text(mismatch.got))")
    }
  }

  private func printGroups(_ tally: Tally) throws {
    for (name, counts) in tally.groups.sorted(by: { $0.key < $1.key }) {
      try Output.line("\(Printable.text(name)): \(counts.passed) passed, \(counts.failed) failed")
    }
  }

  private struct Tally {
    var passed = 0
    var failed = 0
    var groups: [String: (passed: Int, failed: Int)] = [:]

    mutating func add(_ result: VectorResult) {
      let key = "\(result.policy) \(result.group)"
      if result.passed {
        passed += 1
        groups[key, default: (0, 0)].passed += 1
      } else {
        failed += 1
        groups[key, default: (0, 0)].failed += 1
      }
    }
  }
}
