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
  /// The number before that of its first input device.
  var firstInput = 0
  /// The nodes of its input devices, in their order, with nil for those without one.
  var inputNodes: [String?] = []
  /// What the input layer knows of each.
  var inputStates: [InputState] = []
  /// True when the console listens, so that it is asked without a program that does.
  var isConsole = false
  /// The last report of each number, without it.
  var lastReports: [UInt8: [UInt8]] = [:]
  /// LEDs the console has told it to switch on, and those whose values are 1.
  var leds: Set<HIDUsage> = []
  var lit: Set<HIDLight> = []
  /// True when the driver's probe is over.
  var isProbed = false
  var battery = HIDBatteryState()
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

  /// A line of the kernel log about a HID device.
  mutating func hidLog(_ label: String, _ message: HIDMessage) {
    logLine(message.limit, "hid-generic \(label): \(message.line)")
  }
}
