import USB

extension HostSide {
  /// Unbinds every interface of a device and ends what is in flight for it
  /// (`usb_disable_device()`).
  mutating func unbindInterfaces(_ id: Int) {
    guard let device = host.devices[id] else { return }
    for number in device.drivers.keys.sorted() { unbindInterface(id, number) }
    flush(device: id, .ESHUTDOWN) { $0.endpoint & 0x7f != 0 }
  }

  /// Takes the driver off one interface and ends what is in flight there (the part of
  /// `usb_unbind_interface()` that does not wait).
  mutating func unbindInterface(_ id: Int, _ number: Int) {
    guard let device = host.devices[id], let driver = device.drivers[number] else { return }
    host.devices[id]?.drivers[number] = nil
    driver.driver.unbound(&self, device: id, interface: number)
    flushInterface(id, number)
  }

  /// `usb_disable_interface()`: what is in flight on the current setting's endpoints ends.
  mutating func flushInterface(_ id: Int, _ number: Int) {
    let endpoints = host.devices[id]?.currentSetting(number)?.endpoints.map(\.address) ?? []
    flush(device: id, .ESHUTDOWN) { endpoints.contains($0.endpoint) }
  }
}

/// `usb_unbind_interface()` of one interface after the other: each goes back to setting 0.
struct UnbindInterfaces: HostRoutine {
  var device: Int
  /// Those left to do, the next one last.
  private var left: [Int]

  init(device: Int, interfaces: [Int]) {
    self.device = device
    left = interfaces.reversed()
  }

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    while let number = left.popLast() {
      guard let target = side.host.devices[device], target.drivers[number] != nil else {
        continue
      }
      side.unbindInterface(device, number)
      guard target.alternates[number] ?? 0 != 0, target.state == .configured else { continue }
      return .call(
        SetInterface(device: device, interface: number, alternate: 0))
    }
    return .done(0)
  }
}

/// Reads the name of an interface's current setting unless it is known (`usb_cache_string()`).
struct NameInterface: HostRoutine {
  var device: Int
  var interface: Int
  private var key: [Int] = []

  init(device: Int, interface: Int) {
    self.device = device
    self.interface = interface
  }

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    if case .value(let string) = input {
      if string.ret > 0 {
        side.host.devices[device]?.interfaceStrings[key] = String(
          decoding: string.data, as: UTF8.self)
      }
      return .done(0)
    }
    guard let target = side.host.devices[device], let active = target.active,
      let setting = target.currentSetting(interface)
    else { return .done(0) }
    key = [active, interface, setting.alternate]
    guard setting.stringIndex > 0, target.interfaceStrings[key] == nil else { return .done(0) }
    return .call(ReadString(device: device, index: setting.stringIndex))
  }
}
