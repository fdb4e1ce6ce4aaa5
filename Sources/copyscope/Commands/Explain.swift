import ArgumentParser
import Foundation
import KernelLog
import Narration
import Scenario
import Simulation
import Terminal
import Text
import Usercopy
import JSON

/// `copyscope explain`: usercopy reports in kernel logs, explained and drawn.
struct Explain: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: CommandName.explain.rawValue,
    abstract: "Find usercopy reports in a kernel log and explain them.",
    discussion: """
      Any text will do: dmesg, syslog, a journal, a mail, a bug page, compressed or not, or a folder
      of them. A large file shows how far it
      is read; C-c stops that, with exit status 130.
      """)

  @Argument(
    help: "The log, or a report's line in quotes; '-' or nothing for standard input.",
    completion: .file())
  var file = "-"

  @Option(help: "text or json.")
  var format: OutputFormat = .text

  @Flag(help: "Open the inspector on a report's picture.")
  var open = false

  @Option(help: "Only this report, from 1; the first one where one is opened or saved.")
  var report: Int?

  @Option(help: "Write the report's scenario to this file.", completion: .file())
  var save: String?

  @OptionGroup var inspector: InspectorOptions

  func run() throws {
    if open || save != nil { return try show() }
    var count = 0
    switch format {
    case .json:
      try Output.write("{\"reports\": [")
      var isFirst = true
      try reports { found, place in
        count += 1
        guard isWanted(count) else { return }
        try Output.write((isFirst ? "" : ",\n") + json(found, place).spacedText)
        isFirst = false
      }
      try Output.line("]}")
    case .text:
      var verdicts = VerdictMemory()
      try reports { found, place in
        count += 1
        guard isWanted(count) else { return }
        try Output.write(text(found, place, number: count, &verdicts))
      }
      if count == 0 { try Output.line("No usercopy report found.") }
    }
  }

  /// Hands on each report as it is found, so that a log of any length takes constant memory; of a folder with the file
  /// it is in.
  private func reports(_ body: (Report, String?) throws -> Void) throws {
    // A report's line given as the argument itself is no file's name.
    if file.contains(" "), InputFile.type(of: file) == nil {
      var scanner = ReportScanner()
      for report in scanner.scan(Array(file.utf8)) + scanner.finish() { try body(report, nil) }
      return
    }
    guard InputFile.type(of: file) == .typeDirectory else {
      return try reports(of: file) { try body($0, nil) }
    }
    for path in try InputFile.files(in: file) {
      try reports(of: path) { try body($0, path) }
    }
  }

  private func reports(of file: String, _ body: (Report) throws -> Void) throws {
    var scanner = ReportScanner()
    let progress = Progress(file)
    try PackedFile.chunks(of: file) { chunk in
      for report in chunk.withUnsafeBytes({ scanner.scan($0) }) { try body(report) }
      progress.advance(chunk.count)
    }
    progress.finish()
    for report in scanner.finish() { try body(report) }
  }

  private func json(_ report: Report, _ place: String?) -> JSONValue {
    guard let place, let object = report.json.object else { return report.json }
    return .object(JSONObject([("file", .string(place))]).merging(object))
  }

  private func show() throws {
    var wanted: Report?
    var count = 0
    let report = self.report ?? 1
    try reports { found, _ in
      count += 1
      if count == report { wanted = found }
    }
    guard let wanted else {
      throw count == 0
        ? BadInput.file(file, .noReport) : BadInput.option("report", .reports(count))
    }
    guard let script = ReportScene.script(wanted) else {
      throw BadInput.noPicture(report: report, isCutOff: !wanted.complete)
    }
    if let save { try Output.save(ScenarioWriter.text(script), as: save) }
    guard open else { return }
    var inspection = try inspector.inspection(script)
    inspection.goToEnd()
    try inspection.run(usesMouse: true)
  }

  private func isWanted(_ number: Int) -> Bool { report == nil || report == number }

  private func text(
    _ report: Report, _ place: String?, number: Int, _ verdicts: inout VerdictMemory
  ) -> String {
    var lines = [
      "Report \(number)" + (place.map { ", \(FileName.shown($0))" } ?? ""),
      "  > " + Printable.text(report.line.replacingNewlines),
    ]
    lines += ReportWords.lines(report).map { "  " + Printable.text($0) }
    lines += verdicts.statements(report).map { "  " + Printable.text($0.line) }
    return lines.joined(separator: "\n") + "\n\n"
  }
}

/// What reports come to in every era: the same report is judged once, and in a log full of different ones the first few
/// hundred are.
private struct VerdictMemory {
  private static let most = 256
  private var known: [ReportVerdicts.Question: [Statement]] = [:]

  mutating func statements(_ report: Report) -> [Statement] {
    let question = ReportVerdicts.Question(report)
    if let found = known[question] { return found }
    guard known.count < Self.most else {
      return [
        Statement(
          .known, "More than \(Self.most) different reports: --report N compares the eras for one.")
      ]
    }
    let said = ReportScene.script(report).map { ReportVerdicts.statements(report, $0) } ?? []
    known[question] = said
    return said
  }
}

extension String {
  fileprivate var replacingNewlines: String {
    String(map { $0.isNewline ? " " : $0 })
  }
}
