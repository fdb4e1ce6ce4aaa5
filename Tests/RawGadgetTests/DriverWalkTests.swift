import GadgetWorld
import Laws
import Testing
import UsbHost

/// Devices at random behind each of the host's drivers: whatever they answer, the machine's laws hold, time passes,
/// and what a driver does is a sequence of URBs that usbcore allows. `Walk devices` does the same with many more.
@Suite struct DriverWalkTests {
  @Test(arguments: GadgetKind.all)
  func lawsHoldBehindADriver(_ kind: GadgetKind) {
    for seed in 0..<6 as Range<UInt64> {
      var gadget = RandomGadget(kind, seed: seed)
      for step in 0..<60 {
        gadget.step()
        let broken = gadget.broken
        #expect(broken.isEmpty, "\(kind.name) \(seed) \(step): \(broken)")
        if !broken.isEmpty { return }
      }
    }
  }

  /// Devices that broke a law once: endpoints that are of another kind than their driver takes them for.
  @Test(
    arguments: [
      ("cdc_acm", 17_607_685_091_249_307_533), ("hanwang", 2_741_595_881_208_558_787),
      ("hanwang", 2_755_465_234_869_141_931),
    ] as [(String, UInt64)])
  func lawsHoldBehindTheseDevices(_ name: String, _ seed: UInt64) throws {
    let kind = try #require(GadgetKind.all.first { $0.name == name })
    var gadget = RandomGadget(kind, seed: seed)
    for step in 0..<60 {
      gadget.step()
      #expect(gadget.broken.isEmpty, "\(step): \(gadget.broken)")
    }
  }

  /// A hub is bound only with a right hub descriptor, which no random answer is; a recording has one.
  @Test func aDeviceOfEachKindIsBound() {
    for kind in GadgetKind.all where kind.name != "hub" {
      let isBound = (0..<24 as Range<UInt64>).contains { seed in
        var gadget = RandomGadget(kind, seed: seed)
        for _ in 0..<30 { gadget.step() }
        return gadget.bound.contains(kind.name)
      }
      #expect(isBound, "\(kind.name)")
    }
  }
}
