import Scenario
import Simulation

enum ScenarioText {
  /// A script written as a file and read again.
  static func roundTrip(_ script: Script) throws -> Script {
    try ScenarioReader.read(ScenarioWriter.text(script), file: "t.yaml", id: script.id)
  }
}
