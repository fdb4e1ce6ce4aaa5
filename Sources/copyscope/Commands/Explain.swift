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
    commandName: "explain",
    abstract: "Find usercopy reports in a kernel log and explain them.",
    discussion: """
      Any text will do: dmesg, syslog, a journal, a mail, a bug page. A large file shows how far it
      is read; C-c stops that, with exit status 130.
      """)

  @Argument(help: "The log, or a report's line in quotes; '-' or nothing for standard input.")
  var file = "-"

  @Option(help: "text or json.")
  var format: OutputFormat = .text

  @Flag(help: "Open the inspector on a report's picture.")
  var open = false

  @Option(help: "Which report to open or save, from 1.")
  var report = 1

  @Option(help: "Write the report's scenario to this file.")
  var save: String?

  @OptionGroup var inspector: InspectorOptions

  func run() throws {
    if open || save != nil { return try show() }
    var count = 0
    switch format {
    case .json:
      try Output.write("{\"reports\": [")
      try reports { report in
        try Output.write((count > 0 ? ",\n" : "") + report.json.spacedText)
        count += 1
      }
      try Output.line("]}")
    case .text:
      try reports { report in
        count += 1
        try Output.write(text(report, number: count))
      }
      if count == 0 { try Output.line("No usercopy report found.") }
    }
  }

  /// Hands on each report as it is found, so that a log of any length takes constant memory.
  private func reports(_ body: (Report) throws -> Void) throws {
    var scanner = ReportScanner()
    // A report's line given as the argument itself is no file's name.
    if file.contains(" "), InputFile.type(of: file) == nil {
      for report in scanner.scan(Array(file.utf8)) + scanner.finish() { try body(report) }
      return
    }
    let progress = Progress(file)
    try InputFile.chunks(of: file) { chunk in
      for report in chunk.withUnsafeBytes({ scanner.scan($0) }) { try body(report) }
      progress.advance(chunk.count)
    }
    progress.finish()
    for report in scanner.finish() { try body(report) }
  }

  private func show() throws {
    var wanted: Report?
    var count = 0
    try reports { found in
      count += 1
      if count == report { wanted = found }
    }
    guard let wanted else {
      throw BadInput(
        count == 0
          ? "\(FileName.shown(file)): holds no usercopy report"
          : "--report: there \(count == 1 ? "is 1 report" : "are \(count) reports, 1 to \(count)")")
    }
    guard let script = ReportScene.script(wanted) else {
      throw BadInput(
        wanted.complete
          ? "report \(report) has no picture: no copy was found that kernels of its time answer like that"
          : "report \(report) is cut off; a picture needs its size and what it names")
    }
    if let save { try Output.save(ScenarioWriter.text(script), as: save) }
    guard open else { return }
    var inspection = try inspector.inspection(script)
    inspection.goToEnd()
    try inspection.run(usesMouse: true)
  }

  private func text(_ report: Report, number: Int) -> String {
    var lines = ["Report \(number)", "  > " + Printable.text(report.line.replacingNewlines)]
    lines += ReportWords.lines(report).map { "  " + Printable.text($0) }
    lines += otherEras(report).map { "  " + Printable.text($0) }
    return lines.joined(separator: "\n") + "\n\n"
  }

  /// What the same copy would come to under the other eras.
  private func otherEras(_ report: Report) -> [String] {
    guard let script = ReportScene.script(report), let last = script.steps.last,
      case .copy(let copy) = last.action,
      let playback = try? Playback(script), let before = playback.steps.last?.before,
      let verdicts = try? before.comparison(copy)
    else { return [] }
    return ["The same copy in every era: \(VerdictWords.eras(verdicts, on: before.kernel))."]
  }
}

extension String {
  fileprivate var replacingNewlines: String {
    String(map { $0.isNewline ? " " : $0 })
  }
}
