import DummyUDC
import UsbHost
import GadgetWorld
import RawGadget
import Testing
import USB

/// What the controller answers by itself, and what of it shows elsewhere.
@Suite struct ControllerAnswerTests {
  private func opened(_ controllers: GadgetWorld.Controllers = .high, speed: UInt8 = 3) -> Bench {
    var bench = Bench(controllers: controllers, speed: speed)
    bench.host(.open)
    bench.forget()
    return bench
  }

  private func deviceStatus(_ bench: inout Bench, length: UInt16 = 2) -> [UInt8]? {
    bench.control(0x80, 0, length: length)?.data
  }

  @Test func theStatusHasAsManyBytesAsThereAre() {
    var bench = opened()
    #expect(deviceStatus(&bench, length: 1) == [0])
    #expect(deviceStatus(&bench, length: 8) == [0, 0])
    #expect(deviceStatus(&bench, length: 0) == [])
    #expect(bench.control(0x81, 0, length: 2)?.data == [0, 0])
    #expect(bench.requests.isEmpty)
  }

  @Test func featuresOfTheDevice() {
    var bench = opened()
    for feature in [1, 3, 4, 5] as [UInt16] {
      #expect(bench.control(0, 3, value: feature)?.ret == 0)
    }
    #expect(deviceStatus(&bench) == [0x3a, 0])
    #expect(bench.control(0, 1, value: 1)?.ret == 0)
    #expect(deviceStatus(&bench) == [0x38, 0])
    for feature in [0, 2, 3, 4, 5, 6, 48] as [UInt16] {
      #expect(bench.control(0, 1, value: feature)?.errno == .EPIPE, "clear \(feature)")
    }
    for feature in [0, 2, 6, 7, 48, 49, 50] as [UInt16] {
      #expect(bench.control(0, 3, value: feature)?.errno == .EPIPE, "set \(feature)")
    }
    #expect(bench.requests.isEmpty)
    #expect(bench.world.controllerAttributes("dummy_udc.0")?["a_hnp_support"] == "1")
  }

  @Test func powerFeaturesBelongToUSB3() {
    var bench = opened(.super, speed: 5)
    for feature in [48, 49, 50] as [UInt16] {
      #expect(bench.control(0, 3, value: feature)?.ret == 0)
    }
    #expect(deviceStatus(&bench) == [0x1c, 0])
    #expect(bench.control(0, 1, value: 49)?.ret == 0)
    #expect(deviceStatus(&bench) == [0x14, 0])
  }

  @Test func aPortResetClearsTheDevicesStatus() {
    var bench = opened()
    #expect(bench.control(0, 3, value: 1)?.ret == 0)
    #expect(bench.host(.reset)?.ret == 0)
    #expect(deviceStatus(&bench) == [0, 0])
  }

  @Test func addressesAreTakenInSilenceAndTheRestIsForwarded() {
    var bench = opened()
    bench.host(.claim(interface: 0))
    #expect(bench.control(0, 5, value: 99)?.ret == 0)
    #expect(bench.requests.isEmpty)
    let forwarded: [(UInt8, UInt8)] = [
      (0x01, 3), (0x01, 1), (0xa1, 0), (0xc0, 0), (0x40, 3), (0x80, 8), (0x81, 10), (0x83, 0),
    ]
    for (type, request) in forwarded {
      _ = bench.control(type, request, length: type >= 0x80 ? 2 : 0)
    }
    #expect(bench.requests.map { [$0[0], $0[1]] } == forwarded.map { [$0.0, $0.1] })
  }

  /// What the host sets to be woken it takes back when it wakes the device itself.
  @Test func wakingUpSwitchesRemoteWakeupOff() {
    var bench = opened()
    #expect(bench.control(0, 3, value: 1)?.ret == 0)
    bench.host(.close)
    #expect(bench.sysfs("power/autosuspend_delay_ms", "0")?.ret == 1)
    #expect(bench.sysfs("power/control", "auto")?.ret == 4)
    bench.serve(for: 500_000)
    #expect(bench.world.deviceAttribute("power/runtime_status") == "suspended")
    bench.host(.open)
    #expect(deviceStatus(&bench) == [0, 0])
  }

  @Test func theProgramsSideWakesTheHost() {
    var bench = opened()
    #expect(bench.control(0, 3, value: 1)?.ret == 0)
    bench.host(.close)
    bench.sysfs("power/autosuspend_delay_ms", "10000").map { #expect($0.ret == 5) }
    #expect(bench.sysfs("/sys/class/udc/dummy_udc.0/srp", "1")?.ret == 1)
    #expect(bench.world.deviceAttribute("power/runtime_status") == "active")
  }

  @Test func slowControllersHaveNoFastEndpoints() {
    var full = Bench(controllers: .full, speed: 2)
    #expect(full.enable([7, 5, 0x83, 3, 100, 0, 1])?.refusal?.check == .noEndpointMatches)
    #expect(full.enable([7, 5, 0x83, 3, 64, 0x08, 1])?.refusal?.check == .noEndpointMatches)
    #expect(full.enable([7, 5, 0x83, 3, 64, 0, 1])?.errno == nil)
    var high = Bench(speed: 2)
    #expect(high.enable([7, 5, 0x83, 3, 100, 0, 1])?.refusal?.name == "udc-enable:-22")
  }
}
