import Scenario
import Simulation

/// Scenarios on their way to a file: as YAML, or under a name that ends in `.c` as the device's program.
enum SavedScript {
  static func write(_ script: Script, as path: String) throws {
    if path.hasSuffix(".c") { return try write(program: script, as: path) }
    try Output.save(ScenarioWriter.text(script), as: path)
  }

  static func write(program script: Script, as path: String) throws {
    guard let text = ProgramWriter.text(script) else {
      throw BadInput.file(path, .noCalls)
    }
    try Output.save(text, as: path)
  }
}
