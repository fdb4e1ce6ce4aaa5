import ArgumentParser
import Foundation
import JSON
import KernelLog
import KernelPages
import Narration
import Scenario
import Simulation
import Terminal
import Text
import Usercopy

/// `copyscope explain`: usercopy reports in kernel logs, explained and drawn.
struct Explain: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: CommandName.explain.rawValue,
    abstract: "Find usercopy reports in a kernel log and explain them.",
    discussion: """
      Any text will do: dmesg, syslog, a journal, a mail, a bug page, compressed or not, or a folder
      of them. A large file shows how far it is read; C-c stops that, with exit status 130.

      Messages close to usercopy's (KASAN or a page fault in a copy, a length the compiler knows to be
      too large, fortified string functions, user memory used directly, reference counts, torn lists)
      are told too, and counted apart.

      With --follow a log that is still being written is told as it comes: dmesg -w | copyscope explain
      --follow, or journalctl -kf. JSON then has one object a line.
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

  @Option(
    help: "Pages of the kernel that logged it: show what each report names on them.",
    completion: .file())
  var kernel: String?

  @Flag(help: "Go on with a log that is still being written.")
  var follow = false

  @OptionGroup var inspector: InspectorOptions

  func validate() throws {
    if follow, open || save != nil || report != nil {
      throw ValidationError(
        "--follow tells of all reports as they come; leave out --open, --save and --report")
    }
  }

  func run() throws {
    if open || save != nil { return try show() }
    let snapshot = try kernel.map(SnapshotFile.load)
    let trouble =
      switch format {
      case .json: follow ? try jsonLines(snapshot) : try json(snapshot)
      case .text: try text(snapshot)
      }
    if let trouble { throw trouble }
  }

  private var log: LogReading { LogReading(file: file, isLive: follow) }

  private func text(_ snapshot: KernelSnapshot?) throws -> BadInput? {
    var verdicts = VerdictMemory()
    var reports = 0
    var neighbours = 0
    let trouble = try log.each { found, place in
      switch found {
      case .report(let found):
        reports += 1
        guard isWanted(reports) else { return }
        try Output.write(text(found, place, snapshot, number: reports, &verdicts))
      case .neighbour(let found):
        neighbours += 1
        guard report == nil else { return }
        try Output.write(text(found, place, number: neighbours))
      }
    }
    if reports == 0, trouble == nil {
      let others = neighbours == 1 ? "1 message" : "\(neighbours) messages"
      let close = neighbours > 0 && report == nil
      try Output.line(
        "No usercopy report found." + (close ? " \(others) close to one stand above." : ""))
    }
    return trouble
  }

  /// Most of the other messages that the JSON tells of; how many more there were stands behind them.
  private static let mostNeighbours = 1000

  /// Bytes of JSON that are written at once.
  private static let outputBytes = 1 << 16

  private func json(_ snapshot: KernelSnapshot?) throws -> BadInput? {
    var reports = 0
    var neighbours: [JSONValue] = []
    var omitted = 0
    var isFirst = true
    var text = Array("{\"reports\": [".utf8)
    let trouble = try log.each { found, place in
      switch found {
      case .report(let found):
        reports += 1
        guard isWanted(reports) else { return }
        if !isFirst { text += Array(",\n".utf8) }
        json(found, place, snapshot).write(to: &text)
        isFirst = false
        guard text.count >= Self.outputBytes else { return }
        try Output.write(text)
        text.removeAll(keepingCapacity: true)
      case .neighbour(let found) where neighbours.count < Self.mostNeighbours:
        neighbours.append(json(found.json, place))
      case .neighbour: omitted += 1
      }
    }
    text += Array("],\n\"neighbours\": [".utf8)
    for (index, neighbour) in neighbours.enumerated() {
      if index > 0 { text += Array(",\n".utf8) }
      neighbour.write(to: &text)
    }
    text += Array("], \"neighbours_omitted\": \(omitted)}\n".utf8)
    try Output.write(text)
    return trouble
  }

  private func jsonLines(_ snapshot: KernelSnapshot?) throws -> BadInput? {
    try log.each { found, place in
      let (key, value) =
        switch found {
        case .report(let found): ("report", json(found, place, snapshot))
        case .neighbour(let found): ("neighbour", json(found.json, place))
        }
      try Output.line(JSONValue([(key, value)]).spacedText)
    }
  }

  private func json(
    _ report: Report, _ place: String?, _ snapshot: KernelSnapshot?
  ) -> JSONValue {
    guard let snapshot else { return json(report.json, place) }
    let found = SnapshotReport(report, on: snapshot)
    guard let object = found.informed.json.object else { return json(report.json, place) }
    let pages = JSONObject([("kernel_pages", found.json)])
    return json(.object(object.merging(pages)), place)
  }

  private func json(_ value: JSONValue, _ place: String?) -> JSONValue {
    guard let place, let object = value.object else { return value }
    return .object(JSONObject([("file", .string(place))]).merging(object))
  }

  private func show() throws {
    var wanted: Report?
    var count = 0
    let report = self.report ?? 1
    let trouble = try log.each { found, _ in
      guard let found = found.report else { return }
      count += 1
      if count == report { wanted = found }
    }
    guard let wanted else {
      if let trouble { throw trouble }
      throw BadInput.file(file, .log(count == 0 ? .noReport : .otherReports(count)))
    }
    let onPages = try kernel.map(SnapshotFile.load).map { SnapshotReport(wanted, on: $0) }
    guard let script = onPages?.script ?? ReportScene.script(onPages?.informed ?? wanted) else {
      throw BadInput.file(file, .log(.noPicture(report: report, isCutOff: !wanted.complete)))
    }
    if let save { try Output.save(ScenarioWriter.text(script), as: save) }
    guard open else { return }
    var inspection = try inspector.inspection(script)
    inspection.goToEnd()
    try inspection.run(usesMouse: true)
  }

  private func isWanted(_ number: Int) -> Bool { report == nil || report == number }

  private func text(
    _ report: Report, _ place: String?, _ snapshot: KernelSnapshot?, number: Int,
    _ verdicts: inout VerdictMemory
  ) -> String {
    var lines = [
      "Report \(number)" + (place.map { ", \(FileName.shown($0))" } ?? ""),
      "  > " + Printable.text(report.line.replacingNewlines),
    ]
    let found = snapshot.map { SnapshotReport(report, on: $0) }
    let report = found?.informed ?? report
    lines += ReportWords.lines(report).map { "  " + Printable.text($0) }
    lines += (found?.lines ?? []).map { "  " + Printable.text($0) }
    lines += verdicts.statements(report).map { "  " + Printable.text($0.line) }
    return lines.joined(separator: "\n") + "\n\n"
  }
}

extension Explain {
  private func text(_ neighbour: Neighbour, _ place: String?, number: Int) -> String {
    let lines =
      [
        "Neighbour \(number)" + (place.map { ", \(FileName.shown($0))" } ?? ""),
        "  > " + Printable.text(neighbour.line.replacingNewlines),
      ] + NeighbourWords.lines(neighbour).map { "  " + Printable.text($0) }
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
