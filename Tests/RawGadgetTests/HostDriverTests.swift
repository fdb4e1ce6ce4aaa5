import GadgetWorld
import UsbHost
import RawGadget
import Testing
import USB

/// Drivers of the host coming and going, with transfers in flight.
@Suite struct HostDriverTests {
  private func opened(_ configuration: [UInt8] = Bench.loopback) -> Bench {
    var bench = Bench(configuration: configuration)
    bench.host(.open)
    bench.host(.claim(interface: 0))
    bench.forget()
    return bench
  }

  private var twoSettings: [UInt8] {
    [9, 2, 0, 0, 1, 1, 0, 0x80, 50] + Bench.setting(0, endpoints: [0x81])
      + Bench.setting(1, endpoints: [0x81, 0x02], name: 5)
  }

  // MARK: - How transfers in flight end

  @Test func releasingAnInterfaceShutsItsEndpointsDown() {
    var bench = opened()
    #expect(bench.submitRead()?.ret == 0)
    #expect(bench.host(.release(interface: 0))?.ret == 0)
    #expect(bench.reapStatus() == .ESHUTDOWN)
  }

  @Test(arguments: ["remove", "authorized", "bConfigurationValue"])
  func unconfiguringShutsEndpointsDown(_ file: String) {
    var bench = opened()
    #expect(bench.submitRead()?.ret == 0)
    #expect(bench.sysfs(file, file == "remove" ? "1" : "0")?.ret == 1)
    #expect(bench.reapStatus() == .ESHUTDOWN)
  }

  @Test func aDisabledPortShutsEndpointsDown() {
    var bench = opened()
    #expect(bench.submitRead()?.ret == 0)
    #expect(
      bench.sysfs("/sys/bus/usb/devices/usb1/1-0:1.0/usb1-port1/disable", "1")?.ret == 1)
    #expect(bench.reapStatus() == .ESHUTDOWN)
    #expect(bench.host(.reap(wait: 0))?.errno == .ENODEV)
  }

  @Test func anUnpluggedDeviceDoesNotAnswer() {
    var bench = opened()
    #expect(bench.submitRead()?.ret == 0)
    _ = bench.world.call(0, .close(descriptor: 3))
    #expect(bench.reapStatus() == .EPROTO)
    bench.world.advance(by: 500_000)
    #expect(bench.host(.reap(wait: 0))?.errno == .ENODEV)
    #expect(bench.host(.claim(interface: 0))?.errno == .ENODEV)
  }

  /// The generic driver tells usbfs first, which cancels what is in flight and is cut off.
  @Test func unbindingTheDeviceCutsItsFilesOff() {
    var bench = opened()
    #expect(bench.submitRead()?.ret == 0)
    #expect(bench.sysfs("/sys/bus/usb/drivers/usb/unbind", "1-1")?.ret == 3)
    #expect(bench.reapStatus() == .ENOENT)
    #expect(bench.host(.reap(wait: 0))?.errno == .ENODEV)
    #expect(bench.control(0x80, 0, length: 2)?.errno == .ENODEV)
    #expect(bench.sysfs("/sys/bus/usb/drivers/usb/bind", "1-1")?.ret == 3)
    #expect(bench.control(0x80, 0, length: 2)?.errno == .ENODEV)
    bench.host(.open)
    #expect(bench.control(0x80, 0, length: 2)?.ret == 2)
    #expect(bench.sysfs("/sys/bus/usb/drivers/usb/bind", "1-1")?.errno == .EBUSY)
  }

  @Test func theirOwnDriverCanBeTakenOffUsbfs() {
    var bench = opened()
    #expect(bench.submitRead()?.ret == 0)
    #expect(bench.sysfs("/sys/bus/usb/drivers/usbfs/unbind", "1-1:1.0")?.ret == 7)
    #expect(bench.reapStatus() == .ESHUTDOWN)
    #expect(bench.sysfs("/sys/bus/usb/drivers/usbfs/bind", "1-1:1.0")?.errno == .ENODEV)
    #expect(bench.host(.claim(interface: 0))?.ret == 0)
    #expect(bench.host(.detach(interface: 0))?.ret == 0)
    #expect(bench.host(.detach(interface: 0))?.errno == .ENODATA)
    #expect(bench.host(.release(interface: 0))?.errno == .EINVAL)
  }

  // MARK: - Which calls are refused

  @Test func interfacesThatAreNotThere() {
    var bench = opened()
    #expect(bench.host(.claim(interface: 5))?.errno == .ENOENT)
    #expect(bench.host(.claim(interface: 64))?.errno == .EINVAL)
    #expect(bench.host(.release(interface: 5))?.errno == .ENOENT)
    #expect(bench.host(.detach(interface: 5))?.errno == .EINVAL)
    #expect(bench.host(.setInterface(interface: 5, alternate: 0))?.errno == .ENOENT)
    #expect(bench.world.log.last?.contains("did not claim interface 5") == true)
  }

  @Test func endpointsThatAreNotThere() {
    var bench = opened(twoSettings)
    // An endpoint of another setting is known, but there is nothing to transfer over.
    #expect(bench.write(0x02, [1])?.errno == .EINVAL)
    #expect(bench.submitRead(0x02)?.errno == .ENOENT)
    #expect(bench.write(0x03, [1])?.errno == .ENOENT)
    #expect(bench.write(0x12, [1])?.errno == .EINVAL)
    #expect(bench.host(.setConfiguration(value: 0))?.errno == .EBUSY)
    #expect(bench.host(.release(interface: 0))?.ret == 0)
    #expect(bench.host(.setConfiguration(value: 0))?.ret == 0)
    #expect(bench.write(0x02, [1])?.errno == .ESRCH)
    #expect(bench.host(.claim(interface: 0))?.errno == .ENOENT)
    #expect(bench.control(0x81, 0, length: 2)?.errno == .EHOSTUNREACH)
    #expect(bench.host(.detach(interface: 0))?.errno == .EHOSTUNREACH)
  }

  @Test func flagsOfSubmittedTransfers() {
    var bench = opened()
    #expect(bench.submitRead(flags: 2)?.errno == .EINVAL)
    #expect(bench.submitRead(flags: 0x100)?.errno == .EINVAL)
    #expect(bench.submitRead(flags: 0x40)?.ret == 0)
    #expect(bench.world.log.last?.hasSuffix("nonsensical USBDEVFS_URB_ZERO_PACKET.") == true)
    #expect(bench.host(.discard(tag: "u"))?.ret == 0)
    #expect(bench.reapStatus() == .ENOENT)
    #expect(bench.host(.discard(tag: "u"))?.errno == .EINVAL)
    #expect(bench.submitRead(flags: 1)?.ret == 0)
    #expect(bench.transfer(.epWrite, handle: 0, [1], thread: 1)?.ret == 1)
    #expect(bench.reapStatus() == .EREMOTEIO)
    // What continues the transfer that fell short is not taken any more.
    #expect(bench.submitRead(flags: 4)?.errno == .EREMOTEIO)
    #expect(bench.submitRead()?.ret == 0)
  }

  // MARK: - Settings and configurations

  @Test func settingTheSameConfigurationKeepsDrivers() {
    var bench = opened()
    #expect(bench.host(.release(interface: 0))?.ret == 0)
    #expect(bench.host(.setConfiguration(value: 1))?.ret == 0)
    #expect(bench.requests == [[0, 9, 1, 0, 0, 0, 0, 0]])
  }

  @Test func leavingAnInterfaceGoesBackToItsFirstSetting() {
    var bench = opened(twoSettings)
    #expect(bench.host(.setInterface(interface: 0, alternate: 1))?.ret == 0)
    // The setting has a name, read once.
    #expect(bench.requests.map { $0[1] } == [11, 6])
    bench.forget()
    #expect(bench.host(.release(interface: 0))?.ret == 0)
    #expect(bench.requests == [[1, 11, 0, 0, 0, 0, 0, 0]])
    #expect(bench.write(0x02, [1])?.errno == .EINVAL)
  }

  /// A device with one setting may stall the request; its halts are cleared one by one.
  @Test func aStalledOnlySettingIsSetByHand() {
    var bench = opened()
    bench.stallsSettings = true
    #expect(bench.ioctl(.epSetHalt, .value(0))?.ret == 0)
    #expect(bench.host(.setInterface(interface: 0, alternate: 0))?.ret == 0)
    #expect(bench.control(0x82, 0, index: 0x81, length: 2)?.data == [0, 0])
  }

  @Test func configurationsBySysfs() {
    var bench = opened()
    #expect(bench.sysfs("bConfigurationValue", "256")?.errno == .EINVAL)
    #expect(bench.sysfs("bConfigurationValue", "7")?.errno == .EINVAL)
    #expect(bench.sysfs("/sys/bus/usb/devices/1-1/bConfigurationValue", "1\n")?.ret == 2)
    #expect(bench.world.deviceAttribute("/sys/bus/usb/devices/1-1/bConfigurationValue") == "1")
    #expect(bench.sysfs("/sys/bus/usb/devices/1-2/authorized", "1")?.errno == .ENOENT)
  }

  // MARK: - Descriptors

  @Test func anEndpointWithoutPacketsIsKept() {
    var bytes = Bench.loopback
    bytes[22] = 0
    bytes[23] = 0
    let bench = Bench(configuration: bytes)
    #expect(
      bench.world.log.contains(
        "usb 1-1: config 1 interface 0 altsetting 0 endpoint 0x81 has invalid wMaxPacketSize 0"))
    #expect(
      bench.world.log.contains(
        "usb 1-1: config 1 interface 0 altsetting 0 bulk endpoint 0x81 has invalid maxpacket 0"))
  }

  @Test func aSelectedConfigurationMayNeedMoreThanThereIs() {
    var bytes = Bench.loopback
    bytes[8] = 255
    var bench = Bench(configuration: bytes)
    #expect(bench.sysfs("bConfigurationValue", "1")?.ret == 1)
    #expect(bench.world.log.last == "usb 1-1: new config #1 exceeds power limit by 10mA")
  }

  /// Four bytes of a configuration tell how long it is.
  @Test(arguments: [(3, false), (4, true), (8, true)])
  func aShortLookAtAConfiguration(bytes: Int, isEnough: Bool) {
    let bench = Bench(configurationHead: bytes)
    #expect(bench.handles.isEmpty == !isEnough)
    #expect(
      bench.world.log.contains { $0.contains("descriptor too short (expected 9, got 3)") }
        == !isEnough)
  }

  // MARK: - Whom a control request is for

  /// Vendors' requests and those to endpoint 0 need no interface.
  @Test func requestsThatNeedNoInterface() {
    var bench = opened()
    #expect(bench.control(0xc1, 1, index: 5, length: 2)?.errno == .EPIPE)
    #expect(bench.control(0xa1, 1, index: 5, length: 2)?.errno == .ENOENT)
    #expect(bench.control(0xa2, 1, index: 0x80, length: 2)?.errno == .EPIPE)
    #expect(bench.control(0xa2, 1, index: 0x85, length: 2)?.errno == .ENOENT)
  }

  /// A submitted control transfer has room for its setup packet and its data.
  @Test func aControlTransferWithoutRoom() {
    var bench = opened()
    let setup: [UInt8] = [0x40, 1, 0, 0, 0, 0, 4, 0]
    func submit(_ data: [UInt8]) -> HostResult? {
      bench.host(
        .submit(
          tag: "c", type: .control, endpoint: 0, flags: 0, data: data, length: data.count))
    }
    #expect(submit(setup)?.errno == .EINVAL)
    #expect(submit(setup + [1, 2, 3])?.errno == .EINVAL)
    #expect(submit(setup + [1, 2, 3, 4])?.ret == 0)
  }

  @Test(arguments: [(15, false), (16, true)])
  func burstsOfUSB3(burst: UInt8, isTooMany: Bool) {
    let setting: [UInt8] = [9, 4, 0, 0, 1, 0xff, 0, 0, 0, 7, 5, 0x81, 2, 0, 4, 0]
    let configuration: [UInt8] =
      [9, 2, 0, 0, 1, 1, 0, 0x80, 50] + setting + [6, 0x30, burst, 0, 0, 0]
    let bench = Bench(controllers: .super, speed: 5, configuration: configuration)
    let warned = bench.world.log.contains { $0.contains("Endpoint with bMaxBurst = \(burst)") }
    #expect(warned == isTooMany)
  }

  /// A device that a program has open does not go to sleep.
  @Test func anOpenDeviceStaysAwake() {
    var bench = Bench(.linux6_18)
    bench.host(.open)
    #expect(bench.sysfs("power/control", "auto")?.ret == 4)
    bench.serve(for: 10_000_000)
    #expect(!bench.events.contains(.suspend))
    bench.host(.close)
    bench.serve(for: 10_000_000)
    #expect(bench.events.contains(.suspend))
  }
}
