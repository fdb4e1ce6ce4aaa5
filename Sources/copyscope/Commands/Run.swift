import ArgumentParser
import Foundation
import JSON
import Narration
import Scenario
import Simulation
import Text
import Usercopy

/// `copyscope run`: play scenarios without a screen.
struct Run: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: CommandName.run.rawValue,
    abstract: "Play lessons or scenario files without a screen and check their expectations.",
    discussion: """
      Exit status 0: every expectation held; 1: one did not; 2: the input cannot be used.
      Under an era other than the scenario's own the expectations are not asked.
      """)

  @Argument(help: "Lessons by id or number, or scenario files.", completion: Completion.scenarios)
  var scenarios: [String]

  @Flag(help: "Show every predicate of every check.")
  var trace = false

  @Option(help: "Judge by this era instead of the scenario's own.", completion: Completion.eras)
  var era: String?

  @Flag(help: "Show the lecturer's notes.")
  var notes = false

  @Flag(help: "Show what v1 of the raw-gadget driver and mainline answer to the same calls.")
  var drivers = false

  @Option(help: "text or json.")
  var format: OutputFormat = .text

  @Option(
    help: "Write the device's side of the one scenario named as a C program for a real raw-gadget.",
    completion: .file())
  var saveProgram: String?

  @Flag(help: "Play the one file named again whenever it is saved, until Ctrl-C.")
  var watch = false

  func run() throws {
    try EraOption.check(era)
    if let saveProgram { return try write(programAs: saveProgram) }
    if watch { return try FileWatch(try watchedFile()).run { try playAgain() } }
    if !(try play()) { throw ExitCode(1) }
  }

  private func write(programAs path: String) throws {
    guard scenarios.count == 1, let name = scenarios.first else {
      throw BadInput.option("save-program", .oneScenario)
    }
    try SavedScript.write(program: try ScenarioSource.load(name), as: path)
  }

  private func watchedFile() throws -> String {
    guard scenarios.count == 1, let file = scenarios.first, SystemFile.exists(file) else {
      throw BadInput.option("watch", .oneScenarioFile)
    }
    return file
  }

  /// Plays for the watch, where a mistake in the file is shown and waited out.
  private func playAgain() throws {
    do { _ = try play() } catch let error as BadInput {
      Output.complain("copyscope: \(BadInputWords.line(error))\n")
    }
  }

  /// Plays everything; whether every expectation held.
  private func play() throws -> Bool {
    var held = true
    var results: [String] = []
    for name in scenarios {
      let script = try ScenarioSource.load(name, onlyRegular: watch)
      let playback = try ScenarioSource.play(script, era: era, named: name)
      held = held && playback.held
      let both = drivers ? try compare(script, named: name) : nil
      switch format {
      case .text:
        try Output.line(Transcript(playback, trace: trace, notes: notes).text)
        if let both {
          try Output.line(DriverWords.lines(both).map(Printable.text).joined(separator: "\n"))
        }
      case .json:
        results.append(PlaybackJSON.value(playback, trace: trace, drivers: both).text)
      }
    }
    if format == .json { try Output.line("[" + results.joined(separator: ",\n") + "]") }
    return held
  }

  /// The steps on both drivers, by the rules of the era asked for.
  private func compare(_ script: Script, named name: String) throws -> DriverComparison {
    var script = script
    script.era = era ?? script.era
    do { return try DriverComparison(script) } catch {
      throw BadInput.otherDriver(name)
    }
  }
}

/// Text for people or JSON for programs.
enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
  case text
  case json
}

/// The `--era` option, checked in one place.
enum EraOption {
  static func check(_ id: String?) throws {
    guard let id, Era.named(id) == nil else { return }
    throw BadInput.option("era", .unknownEra(id))
  }
}
