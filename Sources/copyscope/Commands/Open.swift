import ArgumentParser
import Simulation

/// `copyscope open`, and `copyscope` alone: the inspector.
struct Open: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: CommandName.open.rawValue,
    abstract: "Open the inspector, on a lesson or scenario file if one is named.")

  @Argument(
    help: "A lesson by id or number, or a scenario file; without it the list of lessons.",
    completion: Completion.scenarios)
  var scenario: String?

  @Flag(help: "Write a starter scenario to the file named first; it must not be there yet.")
  var new = false

  @OptionGroup var inspector: InspectorOptions

  @Flag(inversion: .prefixedNo, help: "Take the mouse.")
  var mouse = true

  @Option(help: "Record the session to this file, in asciicast's format.", completion: .file())
  var record: String?

  @Flag(help: "Let 'copyscope follow' show the notes on another terminal of yours.")
  var share = false

  func run() throws {
    if new {
      guard let scenario else { throw BadInput.option("new", .fileToWrite) }
      try StarterScenario.write(to: scenario)
    }
    let script = try scenario.map { try ScenarioSource.load($0) }
    var inspection = try inspector.inspection(script)
    if let record { inspection.record(to: record) }
    if share { try inspection.share() }
    try inspection.run(usesMouse: mouse)
  }
}
