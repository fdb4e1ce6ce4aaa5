import ArgumentParser
import Inspector
import Scenario
import Simulation

/// The options of every command that opens the inspector.
struct InspectorOptions: ParsableArguments {
  @Option(
    help: "A theme by name, or a base16 file ('copyscope themes' lists them).",
    completion: Completion.themes)
  var theme: String?

  /// The inspector as these options and the user's keys want it.
  func inspection(_ script: Script?) throws -> Inspection {
    let config = try UserFiles.config()
    let wanted = theme ?? config.theme
    var inspection = try Inspection(
      script, theme: try ThemeChoice.theme(wanted), keymap: try UserFiles.keymap(),
      followsBackground: ThemeChoice.isLeftToTerminal(wanted))
    inspection.model.story.take(pace: config.pace)
    return inspection
  }
}
