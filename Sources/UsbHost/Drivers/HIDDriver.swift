import USB

/// usbhid and the input layer behind it.
extension HIDInterface: InterfaceDriver {
  static let name = "usbhid"

  static func matches(_ setting: UsbInterface, of device: UsbDevice) -> Bool {
    setting.interfaceClass == 3
  }

  static func probe(
    _ side: inout some HostSide, device: Int, interface: Int
  ) -> (any HostRoutine)? {
    HIDProbe(device: device, interface: interface)
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
