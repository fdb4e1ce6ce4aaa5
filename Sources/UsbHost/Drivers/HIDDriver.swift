import USB

/// usbhid and the input layer behind it.
extension HIDInterface: NodeDriver {
  static let name = "usbhid"

  static func matches(_ setting: UsbInterface, of device: UsbDevice) -> Bool {
    setting.interfaceClass == 3
  }

  static func probe(
    _ side: inout some HostSide, device: Int, interface: Int
  ) -> (any HostRoutine)? {
    HIDProbe(device: device, interface: interface)
  }

  func serve(
    _ operation: NodeOperation, _ node: DeviceNode, _ place: InterfacePlace
  ) -> (any HostRoutine)? {
    guard node.kind == .input else { return nil }
    switch operation {
    case .open: return HIDListen(place: place, begins: true)
    case .close: return HIDListen(place: place, begins: false)
    case .read, .write, .readAt, .writeAt, .sync, .ask, .command, .line, .raise, .lower, .test,
      .send:
      return nil
    }
  }

  func unbound(_ side: inout some HostSide, device: Int, interface: Int) {
    side.removeNodes(InterfacePlace(device: device, interface: interface))
  }

  var staysThroughReset: Bool { true }

  func afterReset(device: Int, interface: Int) -> (any HostRoutine)? {
    HIDPostReset(device: device, interface: interface)
  }

  /// An open input device has to be able to wake the host.
  var needsRemoteWakeup: Bool { isOpen }

  /// One that shines, has a key pressed or is sent a report stays awake.
  var isBusy: Bool {
    !lit.isEmpty || !keys.isEmpty || output.urb != nil || control.urb != nil
  }

  func resumed(_ side: inout some HostSide, device: Int, interface: Int) {
    side.restartHID(device, interface)
  }
}

/// `usbhid_open()` and `usbhid_close()`: a device nobody else listens to is asked from now on, or no longer.
struct HIDListen: HostRoutine {
  var place: InterfacePlace
  var begins: Bool

  init(place: InterfacePlace, begins: Bool) {
    self.place = place
    self.begins = begins
  }

  /// Reports of the first moments are passed over, in microseconds.
  static let settling: Microseconds = 50_000

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    guard var hid = side.hid(place.device, place.interface) else {
      return .done(Errno.ENODEV.negated)
    }
    guard !hid.isConsole, hid.isOpen != begins else { return .done(0) }
    hid.isOpen = begins
    if begins { hid.listensFrom = side.now &+ Self.settling }
    side.keep(hid, place.device, place.interface)
    guard begins else {
      return .call(KillURBs(device: place.device, endpoints: [hid.endpoint]))
    }
    side.pollHID(place.device, place.interface)
    return .sleep(milliseconds: 50)
  }
}
