import ArgumentParser
import Foundation
import Scenario
import Simulation

/// `copyscope open`, and `copyscope` alone: the inspector.
struct Open: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: CommandName.open.rawValue,
    abstract: "Open the inspector, on a lesson or scenario file if one is named.")

  @Argument(
    help:
      "A lesson by id or number, a scenario file, or pages of a real kernel; without it the list of lessons.",
    completion: Completion.scenarios)
  var scenario: String?

  @Flag(help: "Write a starter scenario to the file named first; it must not be there yet.")
  var new = false

  @Flag(
    help: ArgumentHelp(
      "Go on with work that was not written when an inspector ended, crashed or not.",
      discussion:
        "Lists what was left and asks which one to take; or name one, by number or name."))
  var resume = false

  @Flag(help: "With --resume: throw what is named away.")
  var forget = false

  @Option(
    help: "List the lessons of a course, by its id or file, instead of all ('copyscope lessons').",
    completion: Completion.courses)
  var course: String?

  @OptionGroup var inspector: InspectorOptions

  @Flag(inversion: .prefixedNo, help: "Take the mouse; config.yaml says it for always.")
  var mouse: Bool?

  @Option(help: "Record the session to this file, in asciicast's format.", completion: .file())
  var record: String?

  @Flag(help: "Let 'copyscope follow' show the notes on another terminal of yours.")
  var share = false

  func run() throws {
    if new {
      guard let scenario else { throw BadInput.option("new", .fileToWrite) }
      try StarterScenario.write(to: scenario)
    }
    if resume || forget { return try goOn() }
    if let scenario, SnapshotFile.isOne(scenario) { return try openKernel(scenario) }
    let stamp = scenario.flatMap { FileStamp($0) }
    var inspection = try inspector.inspection(try scenario.map { try ScenarioSource.load($0) })
    if let scenario { inspection.note(stamp, at: scenario) }
    if new { inspection.savePath = scenario }
    if let course { inspection.list(try CourseSource(course)) }
    try show(&inspection)
  }

  private func show(_ inspection: inout Inspection) throws {
    if let record { try inspection.record(to: record) }
    if share { try inspection.share() }
    try inspection.run(usesMouse: try mouse ?? UserFiles.config().mouse ?? true)
  }

  /// Takes up work that was left, or lists it where nobody can be asked.
  private func goOn() throws {
    let left = StateFolder.left()
    guard let named = try scenario.map({ try LeftList.find($0, in: left) }) else {
      guard !forget else { throw BadInput.option("forget", .nothingNamed) }
      for line in LeftList.lines(left) { try Output.line(line) }
      guard !left.isEmpty else { return try Output.line("Nothing is left to go on with.") }
      guard isatty(STDIN_FILENO) == 1, isatty(STDOUT_FILENO) == 1 else { return }
      if let chosen = try LeftList.ask(left) { try show(chosen) }
      return
    }
    guard forget else { return try show(named) }
    named.file.remove()
    try Output.line("\(named.file.name) is thrown away.")
  }

  private func show(_ left: JournalFile.Left) throws {
    var inspection = try inspector.inspection(nil)
    try inspection.resume(left)
    try show(&inspection)
  }

  /// The list of what a file holds of a real kernel's memory.
  private func openKernel(_ file: String) throws {
    let snapshot = try SnapshotFile.load(file)
    var inspection = try inspector.inspection(nil)
    inspection.show(snapshot, of: file)
    try show(&inspection)
  }
}
