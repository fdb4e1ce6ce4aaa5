import USB

/// What usbhid keeps of an interface it is bound to.
struct HIDInterface: Equatable, Sendable {
  /// The interrupt IN endpoint that is polled.
  var endpoint: UInt8
  /// The interrupt OUT endpoint, when there is one: output reports go to it.
  var outEndpoint: UInt8?
  /// Bytes asked for with each poll: the longest input report.
  var reportLength = 0
  /// Input reports received, oldest first; the last 64 are kept.
  var reports: [[UInt8]] = []
  /// Frames or microframes between two polls, and between two reports out.
  var interval = 0
  var outInterval = 0
  /// The report descriptor, as long as the HID descriptor says.
  var reportDescriptor: [UInt8]
  /// What it declares; nil when the kernel refused it and nothing uses the device.
  var descriptor: HIDDescriptor?
  /// The name in the kernel log, such as `0003:1209:0010.0001`.
  var label: String
  /// True when somebody listens. The console opens devices with keys for it; others are not polled.
  var isOpen = false
  /// Reports that come earlier are passed over: they were sent while nobody listened.
  var listensFrom: Microseconds = 0
  /// The numbers of its nodes for programs.
  var hidraw: Int?
  var hiddev: Int?
  /// LEDs the kernel has switched on.
  var leds: Set<HIDUsage> = []
  var keys = HIDKeys()
  /// The poll in flight.
  var poll: Int?
  /// Reports on their way out.
  var output = HIDReportQueue()
  var control = HIDReportQueue()
  /// Milliseconds until the next poll after an error; 0 when the last poll worked.
  var retryDelay = 0
  /// When retrying ends and the port is reset.
  var stopRetry: Microseconds = 0

  init(endpoint: UInt8, reportDescriptor: [UInt8], label: String) {
    self.endpoint = endpoint
    self.reportDescriptor = reportDescriptor
    self.label = label
  }
}

extension HostSide {
  /// What usbhid keeps of an interface, while it is bound to it.
  func hid(_ device: Int, _ interface: Int) -> HIDInterface? {
    host.devices[device]?.drivers[interface]?.driver as? HIDInterface
  }

  mutating func keep(_ hid: HIDInterface, _ device: Int, _ interface: Int) {
    host.devices[device]?.drivers[interface] = BoundDriver(hid)
  }

  /// Interfaces usbhid is bound to, in the order of devices and interfaces.
  var hidInterfaces: [(device: Int, interface: Int, hid: HIDInterface)] {
    host.devices.keys.sorted().flatMap { device in
      (host.devices[device]?.drivers ?? [:]).keys.sorted().compactMap { number in
        hid(device, number).map { (device, number, $0) }
      }
    }
  }

  /// `hid_start_in()`: asks for a report while somebody listens and none is asked for; what cannot be
  /// asked for is tried again later.
  mutating func pollHID(_ id: Int, _ interface: Int) {
    guard let device = host.devices[id], var hid = hid(id, interface), hid.isOpen, hid.poll == nil
    else { return }
    let polled = submit(
      URB(
        half: device.half, device: id, address: device.devnum, endpoint: hid.endpoint,
        type: .interrupt, isIn: true, buffer: [], length: hid.reportLength,
        interval: hid.interval),
      owner: HIDInput(device: id, interface: interface))
    guard case .success(let urb) = polled else { return retryHID(id, interface) }
    hid.poll = urb
    keep(hid, id, interface)
  }

  /// `hid_restart_io()`: polls and sends on after a reset or a sleep.
  mutating func restartHID(_ id: Int, _ interface: Int) {
    guard var hid = hid(id, interface) else { return }
    hid.retryDelay = 0
    keep(hid, id, interface)
    pollHID(id, interface)
    restart(.interruptOut, id, interface)
    restart(.control, id, interface)
  }

  /// A line of the kernel log about a HID device.
  mutating func hidLog(_ label: String, _ message: HIDMessage) {
    logLine(message.limit, "hid-generic \(label): \(message.line)")
  }
}
