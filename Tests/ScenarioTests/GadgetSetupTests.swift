import GadgetWorld
import Scenario
import Simulation
import Testing
import UsbHost

/// `gadget:` of a scenario: controllers by name and the host's drivers.
@Suite struct GadgetSetupTests {
  private static func read(_ gadget: String) throws -> Script {
    try ScenarioReader.read(
      "title: t\ngadget: \(gadget)\nsteps: [{ note: {} }]\n", file: "t.yaml", id: "t")
  }

  @Test(arguments: [
    ("{ modules: all }", HostModule.allCases),
    ("{ modules: \"usb_storage usblp\" }", [.usblp, .usbStorage]), ("{ modules: input }", []),
    ("{ controllers: full }", []),
  ]) func driversAreReadAndWritten(_ gadget: String, _ modules: [HostModule]) throws {
    let script = try Self.read(gadget)
    #expect(script.setup.modules.loaded == modules)
    let again = try ScenarioReader.read(ScenarioWriter.text(script), file: "t.yaml", id: "t")
    #expect(again.setup == script.setup)
  }

  @Test func controllersAreReadAndWritten() throws {
    let script = try Self.read("{ udc: \"fe980000.usb, musb.0:musb-hdrc\", controllers: full }")
    let text = ScenarioWriter.text(script)
    let again = try ScenarioReader.read(text, file: "t.yaml", id: "t")
    #expect(again.setup == script.setup)
    let machine = GadgetWorld(policy: script.driver, setup: script.setup)
    #expect(machine.controllers.count == 2)
    #expect(script.setup.namesText == "fe980000.usb:fe980000.usb, musb.0:musb-hdrc")
  }

  @Test(arguments: [
    ("{ modules: usblq }", "usblp"), ("{ udc: ../x }", "controller's name"),
    ("{ udc: \"a, a\" }", "controller's name"),
    ("{ udc: \"a, b, c, d, e, f, g, h, i\" }", "controller's name"),
  ]) func mistakesAreTold(_ gadget: String, _ words: String) throws {
    let error = #expect(throws: Diagnostic.self) { try Self.read(gadget) }
    #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
    #expect(error?.description.hasPrefix("t.yaml:2:") == true)
  }
}
