import USB

extension HostSide {
  /// The probes of the drivers that take an interface, or nil when there is nothing to wait for.
  mutating func probe(_ id: Int, interface: Int) -> RoutineStep? {
    guard let device = host.devices[id], device.drivers[interface] == nil,
      let setting = device.currentSetting(interface),
      host.drivers.drivers.contains(where: { $0.matches(setting, of: device) })
    else { return nil }
    return .call(ProbeInterface(device: id, interface: interface))
  }
}

/// `__device_attach()` of an interface: each driver that takes it is asked until one stays.
struct ProbeInterface: HostRoutine {
  var device: Int
  var interface: Int
  /// Drivers asked so far.
  private var asked = 0

  init(device: Int, interface: Int) {
    self.device = device
    self.interface = interface
  }

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    while let target = side.host.devices[device], target.state == .configured,
      target.drivers[interface] == nil, let setting = target.currentSetting(interface),
      asked < side.host.drivers.drivers.count
    {
      let driver = side.host.drivers.drivers[asked]
      asked += 1
      guard driver.matches(setting, of: target) else { continue }
      if let routine = driver.probe(&side, device: device, interface: interface) {
        return .call(routine)
      }
    }
    return .done(input.value)
  }
}
