import UsbHost
import RawGadget
import Testing
import USB

/// Halts and wedges, set from either side, and what the controller answers about them.
@Suite struct HaltTests {
  private func opened(_ policy: DriverPolicy = .linux6_1) -> Bench {
    var bench = Bench(policy)
    bench.host(.open)
    bench.host(.claim(interface: 0))
    return bench
  }

  private func status(_ bench: inout Bench, _ endpoint: UInt16) -> [UInt8]? {
    bench.control(0x82, 0, index: endpoint, length: 2)?.data
  }

  @Test func theHostClearsAHalt() {
    var bench = opened()
    #expect(bench.ioctl(.epSetHalt, .value(0))?.ret == 0)
    #expect(bench.read(0x81, 64)?.errno == .EPIPE)
    #expect(status(&bench, 0x81) == [1, 0])
    #expect(bench.host(.clearHalt(endpoint: 0x81))?.ret == 0)
    #expect(status(&bench, 0x81) == [0, 0])
    #expect(bench.transfer(.epWrite, handle: 0, [1, 2], thread: 1)?.ret == 2)
    #expect(bench.read(0x81, 64)?.data == [1, 2])
  }

  @Test func onlyTheProgramClearsAWedge() {
    var bench = opened()
    #expect(bench.ioctl(.epSetWedge, .value(1))?.ret == 0)
    #expect(bench.host(.clearHalt(endpoint: 0x02))?.ret == 0)
    #expect(bench.write(0x02, [1])?.errno == .EPIPE)
    #expect(bench.ioctl(.epClearHalt, .value(1))?.ret == 0)
    #expect(bench.write(0x02, [1])?.errno == .ETIMEDOUT)
  }

  @Test func parkedDataKeepsAnEndpointFromHalting() {
    var bench = opened()
    #expect(bench.transfer(.epWrite, handle: 0, [1], thread: 1)?.ret == 1)
    for call in [RawIoctl.epSetHalt, .epSetWedge] {
      let result = bench.ioctl(call, .value(0))
      #expect(result?.errno == .EAGAIN)
      #expect(result?.refusal?.name == "udc-halt:-11")
    }
    #expect(bench.ioctl(.epClearHalt, .value(0))?.ret == 0)
    #expect(bench.read(0x81, 8)?.data == [1])
    #expect(bench.ioctl(.epSetHalt, .value(0))?.ret == 0)
  }

  @Test func aHaltedEndpointStillParksData() {
    var bench = opened()
    #expect(bench.ioctl(.epSetHalt, .value(0))?.ret == 0)
    #expect(bench.transfer(.epWrite, handle: 0, [7], thread: 1)?.ret == 1)
    #expect(bench.read(0x81, 8)?.errno == .EPIPE)
    #expect(bench.host(.clearHalt(endpoint: 0x81))?.ret == 0)
    #expect(bench.read(0x81, 8)?.data == [7])
  }

  @Test func aWaitingTransferOfTheHostEndsWhenTheEndpointHalts() {
    var bench = opened()
    #expect(bench.submitRead()?.ret == 0)
    #expect(bench.ioctl(.epSetHalt, .value(0))?.ret == 0)
    #expect(bench.reapStatus() == .EPIPE)
  }

  @Test func theHostHaltsWithAnyFeatureAndNeverTheFirstEndpoint() {
    var bench = opened()
    #expect(bench.control(0x02, 3, value: 7, index: 0x81)?.ret == 0)
    #expect(status(&bench, 0x81) == [1, 0])
    #expect(bench.control(0x02, 1, value: 9, index: 0x81)?.ret == 0)
    #expect(bench.control(0x02, 3, index: 0)?.errno == .EPIPE)
    #expect(bench.control(0x02, 1, index: 0)?.ret == 0)
    #expect(bench.requests.allSatisfy { $0[0] != 0x02 })
  }

  @Test func anEndpointTheDeviceDisabledHasNoStatus() {
    var bench = opened()
    #expect(bench.ioctl(.epDisable, .value(0))?.ret == 0)
    #expect(bench.control(0x82, 0, index: 0x81, length: 2)?.errno == .EPIPE)
    #expect(bench.control(0x82, 0, index: 0x81, length: 0)?.ret == 0)
    #expect(bench.control(0x02, 1, index: 0x81)?.errno == .EPIPE)
  }

  @Test func aHaltOutlivesAPortReset() {
    var bench = opened()
    #expect(bench.ioctl(.epSetHalt, .value(0))?.ret == 0)
    #expect(bench.host(.reset)?.ret == 0)
    bench.host(.claim(interface: 0))
    #expect(bench.read(0x81, 8)?.errno == .EPIPE)
  }

  @Test(arguments: [DriverPolicy.linux6_1, .linux6_18, .linux6_1_0])
  func noHaltWithoutAStartedController(_ policy: DriverPolicy) {
    var bench = opened(policy)
    #expect(bench.sysfs("/sys/class/udc/dummy_udc.0/soft_connect", "disconnect")?.ret == 10)
    for call in [RawIoctl.epSetHalt, .epClearHalt, .epSetWedge] {
      #expect(bench.ioctl(call, .value(0))?.errno == .ESHUTDOWN)
    }
    // A refused transfer is the end for the older drivers, a halt is for none.
    #expect(bench.transfer(.epWrite, handle: 0, [1], thread: 1)?.errno == .ESHUTDOWN)
    let after = bench.ioctl(.configure)
    #expect(after?.errno == (policy == .linux6_18 ? nil : .EINVAL))
  }
}
