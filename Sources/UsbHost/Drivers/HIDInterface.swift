import USB

/// What usbhid keeps of an interface it is bound to.
struct HIDInterface: Equatable, Sendable {
  /// The interrupt IN endpoint that is polled.
  var endpoint: UInt8
  /// Bytes asked for with each poll.
  var reportLength: Int
  /// Input reports received, oldest first; the last 64 are kept.
  var reports: [[UInt8]] = []
  /// Frames or microframes between two polls.
  var interval = 0
  /// The report descriptor, as long as the HID descriptor says.
  var reportDescriptor: [UInt8] = []
  /// The LED report, when the interface is a boot keyboard with LEDs.
  var ledReport: UInt8?
  var ledLength = 0
  /// Num, caps and scroll lock as bits 0, 1 and 2.
  var leds: UInt8 = 0
  var keysDown: Set<UInt8> = []
  /// Milliseconds until the next poll after an error; 0 when the last poll worked.
  var retryDelay = 0
  var firstError: Microseconds = 0
}

extension HostSide {
  /// What usbhid keeps of an interface, while it is bound to it.
  func hid(_ device: Int, _ interface: Int) -> HIDInterface? {
    host.devices[device]?.drivers[interface]?.driver as? HIDInterface
  }

  /// `hid_start_in()`.
  mutating func pollHID(_ id: Int, _ interface: Int) {
    guard let device = host.devices[id], let hid = hid(id, interface) else { return }
    _ = submit(
      URB(
        half: device.half, device: id, address: device.devnum, endpoint: hid.endpoint,
        type: .interrupt, isIn: true, buffer: [], length: hid.reportLength,
        interval: hid.interval),
      owner: HIDInput(device: id, interface: interface))
  }

  /// Sends the state of a keyboard's LEDs to it.
  mutating func sendLEDReport(_ id: Int, _ interface: Int, _ hid: HIDInterface) {
    guard let device = host.devices[id], let report = hid.ledReport else { return }
    let length = hid.ledLength
    let setup = SetupPacket(
      0x21, 9, value: 0x0200 | UInt16(report), index: UInt16(clamping: interface),
      length: UInt16(clamping: length))
    var bytes = [UInt8](repeating: 0, count: length)
    let first = report > 0 ? 1 : 0
    if report > 0 { bytes[0] = report }
    if bytes.indices.contains(first) { bytes[first] = hid.leds }
    _ = submit(
      URB(
        half: device.half, device: id, address: device.devnum, endpoint: 0, type: .control,
        setup: setup, isIn: false, buffer: bytes, length: length),
      owner: HIDOutput())
  }
}
