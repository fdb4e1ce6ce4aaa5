import GadgetWorld
import RawGadget
import Simulation
import Yams
import Text
import UsbHost

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
      script.setup.controllers = controllers
    }
    if let text = try fields.string("udc") {
      do throws(GadgetSetup.BadName) { script.setup.names = try GadgetSetup.names(text) } catch {
        throw fields.fail("udc", "'\(error.text)' cannot be a controller's name")
      }
    }
    if let text = try fields.string("modules") {
      let known = HostModules.words + HostModule.allCases.map(\.rawValue)
      do throws(UnknownModule) { script.setup.modules = try HostModules(text) } catch {
        throw fields.fail(
          "modules", "no module of the host is called '\(error.name)'",
          Nearest.word(to: error.name, among: known), known: known)
      }
    }
  }
}
