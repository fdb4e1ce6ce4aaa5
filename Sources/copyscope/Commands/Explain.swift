import ArgumentParser
import Foundation
import KernelLog
import Narration
import Scenario
import Simulation
import Terminal
import Usercopy

/// `copyscope explain`: usercopy reports in kernel logs, explained and drawn.
struct Explain: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Find usercopy reports in a kernel log and explain them.",
    discussion: "Any text will do: dmesg, syslog, a journal, a mail, a bug page.")

  @Argument(help: "The log; '-' or nothing for standard input.")
  var file = "-"

  @Option(help: "text or json.")
  var format: OutputFormat = .text

  @Flag(help: "Open the inspector on a report's picture.")
  var open = false

  @Option(help: "Which report to open or save, from 1.")
  var report = 1

  @Option(help: "Write the report's scenario to this file.")
  var save: String?

  @Option(help: "A theme by name or file.")
  var theme: String?

  func run() throws {
    let reports = try read()
    if open || save != nil { return try show(reports) }
    switch format {
    case .json: printJSON(reports)
    case .text: printText(reports)
    }
  }

  private func read() throws -> [Report] {
    var scanner = ReportScanner()
    var reports: [Report] = []
    let progress = Progress(file)
    try InputFile.chunks(of: file) { chunk in
      reports += scanner.scan(chunk)
      progress.advance(chunk.count)
    }
    progress.finish()
    return reports + scanner.finish()
  }

  private func show(_ reports: [Report]) throws {
    guard reports.indices.contains(report - 1) else {
      throw BadInput(
        reports.isEmpty
          ? "\(Printable.text(file)): holds no usercopy report"
          : "--report: there are \(reports.count) reports, 1 to \(reports.count)")
    }
    guard let script = ReportScene.script(reports[report - 1]) else {
      throw BadInput("report \(report) is cut off; a picture needs its size and what it names")
    }
    if let save {
      do {
        let text = ScenarioWriter.text(script)
        try Data(text.utf8).write(to: URL(fileURLWithPath: save), options: .atomic)
      } catch {
        throw BadInput("\(Printable.text(save)): cannot be written: \(error.localizedDescription)")
      }
    }
    guard open else { return }
    var inspection = try Inspection(script)
    inspection.goToEnd()
    try inspection.run(theme: try ThemeChoice.theme(theme), usesMouse: true)
  }

  private func printJSON(_ reports: [Report]) {
    print("{\"reports\": [" + reports.map(\.json).joined(separator: ",\n") + "]}")
  }

  private func printText(_ reports: [Report]) {
    for (index, report) in reports.enumerated() {
      if index > 0 { print("") }
      print("Report \(index + 1)")
      print("  > " + Printable.text(report.line.replacingNewlines))
      for line in ReportWords.lines(report) { print("  " + Printable.text(line)) }
      for line in otherEras(report) { print("  " + line) }
    }
    print(reports.isEmpty ? "No usercopy report found." : "")
  }

  /// What the same copy would come to under the other eras.
  private func otherEras(_ report: Report) -> [String] {
    guard let script = ReportScene.script(report), let last = script.steps.last,
      case .copy(let copy) = last.action,
      let playback = try? Playback(script), let before = playback.steps.last?.before,
      let verdicts = try? before.verdicts(copy)
    else { return [] }
    let words = verdicts.map { "\($0.era) \(VerdictWords.short($0))" }
    return ["The same copy in every era: " + words.joined(separator: ", ") + "."]
  }
}

/// A bar on standard error while a large file is read; nothing unless that is a terminal.
final class Progress {
  private let total: Int
  private var done = 0
  private var shown = -1
  private let isShown: Bool

  init(_ path: String) {
    let attributes = try? FileManager.default.attributesOfItem(atPath: path)
    total = (attributes?[.size] as? Int) ?? 0
    isShown = isatty(STDERR_FILENO) == 1 && total > 32 << 20
  }

  func advance(_ bytes: Int) {
    done += bytes
    guard isShown, total > 0 else { return }
    let percent = min(100, done * 100 / total)
    guard percent != shown else { return }
    shown = percent
    let bar = String(repeating: "#", count: percent / 4)
    let rest = String(repeating: ".", count: 25 - percent / 4)
    write("\r[\(bar)\(rest)] \(percent)% ")
  }

  func finish() {
    if isShown { write("\r\u{1B}[K") }
  }

  private func write(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }
}

extension String {
  fileprivate var replacingNewlines: String {
    String(map { $0.isNewline ? " " : $0 })
  }
}
