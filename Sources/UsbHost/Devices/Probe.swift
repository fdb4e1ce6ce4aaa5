import USB

extension HostSide {
  /// The probe of the driver that takes an interface, or nil when there is nothing to wait for.
  mutating func probe(_ id: Int, interface: Int) -> RoutineStep? {
    guard let device = host.devices[id], device.drivers[interface] == nil,
      let setting = device.currentSetting(interface),
      let driver = host.drivers.drivers.first(where: { $0.matches(setting, of: device) })
    else { return nil }
    return driver.probe(&self, device: id, interface: interface).map(RoutineStep.call)
  }
}
