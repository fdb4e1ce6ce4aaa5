import GadgetWorld
import RawGadget
import Simulation
import Yams
import Text

/// Reads how the raw-gadget machine is set up.
enum GadgetSetupReader {
  /// `gadget: { driver: linux-6.1, controllers: high }`.
  static func read(_ node: Node, _ file: String, into script: inout Script)
    throws(Diagnostic)
  {
    let fields = try Fields(
      node, file: file, subject: "gadget", known: ScenarioGrammar.gadget.names)
    if let name = try fields.string("driver") {
      let known = DriverPolicy.all.map(\.name)
      guard let driver = DriverPolicy.named(name) else {
        throw fields.fail(
          "driver", "unknown driver '\(name)'", Nearest.word(to: name, among: known), known: known)
      }
      script.driver = driver
    }
    if let clamps = try fields.bool("clamps") { script.driver.clampsLengths = clamps }
    if let controllers = try fields.choice("controllers", of: GadgetWorld.Controllers.self) {
      script.controllers = controllers
    }
  }
}
