import ArgumentParser
import Simulation

/// The options of every command that opens the inspector.
struct InspectorOptions: ParsableArguments {
  @Option(
    help: "A theme by name, or a base16 file ('copyscope themes' lists them).",
    completion: Completion.themes)
  var theme: String?

  /// The inspector as these options and the user's keys want it.
  func inspection(_ script: Script?) throws -> Inspection {
    try Inspection(
      script, theme: try ThemeChoice.theme(theme), keymap: try UserFiles.keymap())
  }
}
