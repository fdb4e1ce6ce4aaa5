import GadgetWorld
import UsbHost
import RawGadget
import Testing
import USB

/// A gadget taken off its controller and put back by hand.
@Suite struct GadgetBusTests {
  private let folder = "/sys/bus/gadget/drivers/raw-gadget.0/"

  @Test(arguments: [DriverPolicy.linux6_1, .linux6_18, .linux6_1_0])
  func aGadgetBoundAgainIsEnumeratedAgain(_ policy: DriverPolicy) {
    var bench = Bench(policy)
    #expect(bench.sysfs(folder + "unbind", "gadget.0")?.ret == 8)
    #expect(bench.sysfs(folder + "unbind", "gadget.0")?.errno == .ENODEV)
    bench.serve(for: 300_000)
    #expect(bench.world.deviceAttributes() == nil)
    bench.forget()
    #expect(bench.sysfs(folder + "bind", "gadget.1")?.errno == .ENODEV)
    #expect(bench.sysfs(folder + "bind", "gadget.0")?.ret == 8)
    #expect(bench.sysfs(folder + "bind", "gadget.0")?.errno == .ENODEV)
    bench.serve(for: 2_000_000)
    #expect(bench.events.filter { $0 == .connect }.count == 2)
    #expect(bench.requests.contains { $0[1] == 9 })
    #expect(bench.world.deviceAttribute("bConfigurationValue") == "1")
    #expect(bench.world.violations().isEmpty)
  }

  @Test func driversThatAreNotThere() {
    var bench = Bench()
    #expect(
      bench.sysfs("/sys/bus/gadget/drivers/raw-gadget.1/unbind", "gadget.0")?.errno == .ENOENT)
    #expect(bench.sysfs(folder + "unbind", "gadget.7")?.errno == .ENODEV)
  }

  /// The driver forgets what it enabled before; the controller does not.
  @Test func endpointsStayEnabledBehindTheDriversBack() {
    var bench = Bench()
    #expect(bench.sysfs(folder + "unbind", "gadget.0")?.ret == 8)
    #expect(bench.sysfs(folder + "bind", "gadget.0")?.ret == 8)
    // Before the first reset nothing could be enabled that is not enabled already.
    #expect(bench.enable([7, 5, 0x81, 2, 0, 2, 0])?.ret == 0)
    #expect(bench.enable([7, 5, 0x83, 2, 0, 2, 0])?.errno == .ESHUTDOWN)
  }

  /// A device keeps its pointer to a controller it was unbound from. What it queues there while
  /// another device is bound is its own all the same, and its call is woken.
  @Test func aDeviceThatWasUnboundIsToldOfWhatItQueued() {
    var bench = Bench()
    bench.host(.open)
    let vendor = SetupPacket(0xc0, 1, value: 0, index: 0, length: 18)
    _ = bench.world.host(9, .control(setup: vendor, data: [], timeout: 1000))
    bench.world.advance(by: 1000)
    #expect(bench.world.devices.values.first?.ep0InPending == true)
    _ = bench.world.host(8, .sysfsWrite(file: folder + "unbind", value: "gadget.0"))
    bench.world.advance(by: 2_000_000)
    bench.openSecond()
    bench.world.advance(by: 400_000)
    #expect(bench.transfer(.ep0Write, handle: 0, bench.device, thread: 5) == nil)
    bench.world.advance(by: 1_000_000)
    #expect(bench.world.takeResult(of: 5)?.ret == 18)
    #expect(bench.world.violations() == [])
  }

  @Test func commandsTheControllerDoesNotKnow() {
    var bench = Bench()
    let file = "/sys/class/udc/dummy_udc.0/soft_connect"
    #expect(bench.sysfs(file, "on")?.errno == .EINVAL)
    #expect(bench.sysfs(file, "connect")?.ret == 7)
    #expect(bench.sysfs(file, "disconnect\n")?.ret == 11)
    #expect(bench.sysfs(file, "disconnect")?.ret == 10)
    _ = bench.world.call(0, .close(descriptor: 3))
    #expect(bench.sysfs(file, "connect")?.errno == .EOPNOTSUPP)
    #expect(bench.sysfs("/sys/class/udc/dummy_udc.1/soft_connect", "connect")?.errno == .ENOENT)
  }
}
