import USB

/// The hub driver as far as it goes with a gadget that is no hub.
struct HubDriver: InterfaceDriver {
  static let name = "hub"

  static var bindsByName: Bool { false }

  static func matches(_ setting: UsbInterface, of device: UsbDevice) -> Bool {
    setting.interfaceClass == 9 || device.descriptor[4] == 9
  }

  /// `hub_probe()`: the device may sleep from now on, and a descriptor without the one interrupt endpoint of a
  /// hub is refused.
  static func probe(
    _ side: inout some HostSide, device id: Int, interface: Int
  ) -> (any HostRoutine)? {
    guard let device = side.host.devices[id], let setting = device.currentSetting(interface) else {
      return nil
    }
    side.host.devices[id]?.autosuspendDelay = 0
    side.host.devices[id]?.controlAuto = true
    let status = setting.endpoints.first
    let isSane =
      setting.subclass <= 1 && setting.endpoints.count == 1 && status?.type == .interrupt
      && status.map { $0.address & 0x80 != 0 } ?? false
    if isSane { return nil }
    let value = device.activeConfiguration?.value ?? 1
    side.logLine(
      "hub \(side.host.name(of: device)):\(value).\(setting.number): bad descriptor, ignoring hub")
    return nil
  }
}
