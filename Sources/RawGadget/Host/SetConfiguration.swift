/// `usb_set_configuration()`: unbinds what is bound, asks the device, binds drivers again.
struct SetConfiguration: SteppingFrame {
  private enum Stage: Equatable, Sendable {
    case start
    case resumed
    case asked
    case string
    case named(next: Int)
    case binding(next: Int)
    case suspended(ret: Int)
  }

  var device: Int
  /// The configuration's value, or −1 to unconfigure.
  var value: Int
  private var stage = Stage.start
  private var chosen: Int?

  init(device: Int, value: Int) {
    self.device = device
    self.value = value
  }

  mutating func step(
    _ world: inout GadgetWorld, task: Int, _ input: FrameInput
  ) -> FrameStep {
    guard let target = world.host.devices[device], target.state != .notAttached else {
      return .done(Errno.ENODEV.negated)
    }
    var ret = 0
    if case .value(let returned) = input { ret = returned.ret }
    switch stage {
    case .start:
      return start(&world, target)
    case .resumed:
      return ask(&world, target)
    case .asked:
      return asked(&world, ret)
    case .string:
      if case .value(let string) = input, string.ret > 0 {
        world.host.devices[device]?.configurationString = String(
          decoding: string.data, as: UTF8.self)
      }
      return bind(&world, next: 0)
    case .named(let next):
      let interface = target.interfaceNumbers.indices.contains(next)
      if interface, case .value(let string) = input, string.ret > 0 {
        let number = target.interfaceNumbers[next]
        world.host.devices[device]?.interfaceStrings[[number, 0]] = String(
          decoding: string.data, as: UTF8.self)
      }
      return probe(&world, next: next)
    case .binding(let next):
      return bind(&world, next: next)
    case .suspended(let result):
      return .done(result)
    }
  }

  private mutating func start(_ world: inout GadgetWorld, _ target: UsbDevice) -> FrameStep {
    var wanted = value
    if !target.authorized || wanted == -1 {
      wanted = 0
    } else {
      chosen = target.configurations.firstIndex { Int($0.value) == wanted }
    }
    if chosen == nil, wanted != 0 { return .done(Errno.EINVAL.negated) }
    if chosen != nil, wanted == 0 { world.deviceLog(device, "config 0 descriptor??") }
    value = wanted
    world.host.devices[device]?.usage += 1
    stage = .resumed
    return .call(.resume(ResumeDevice(device: device)))
  }

  private mutating func ask(_ world: inout GadgetWorld, _ target: UsbDevice) -> FrameStep {
    if target.state == .configured {
      world.unbindInterfaces(device)
      world.host.devices[device]?.state = .address
    }
    world.host.devices[device]?.active = nil
    stage = .asked
    return .call(
      .controlMessage(
        ControlMessage(
          device: device,
          setup: SetupPacket(0, 9, value: UInt16(clamping: value), index: 0, length: 0))))
  }

  private mutating func asked(_ world: inout GadgetWorld, _ ret: Int) -> FrameStep {
    guard ret >= 0, let chosen else { return finish(&world, min(ret, 0)) }
    world.host.devices[device]?.active = chosen
    world.host.devices[device]?.alternates = [:]
    world.host.devices[device]?.configurationString = nil
    world.host.devices[device]?.state = .configured
    let index = world.host.devices[device]?.activeConfiguration?.stringIndex ?? 0
    stage = .string
    guard index > 0 else { return bind(&world, next: 0) }
    return .call(.readString(ReadString(device: device, index: index)))
  }

  private mutating func bind(_ world: inout GadgetWorld, next: Int) -> FrameStep {
    let numbers = world.host.devices[device]?.interfaceNumbers ?? []
    guard next < numbers.count else { return finish(&world, 0) }
    // An interface that appears in sysfs is asked for its name before a driver sees it.
    let setting = world.host.devices[device]?.currentSetting(numbers[next])
    let known = world.host.devices[device]?.interfaceStrings[[numbers[next], 0]]
    guard let index = setting?.stringIndex, index > 0, known == nil else {
      return probe(&world, next: next)
    }
    stage = .named(next: next)
    return .call(.readString(ReadString(device: device, index: index)))
  }

  private mutating func probe(_ world: inout GadgetWorld, next: Int) -> FrameStep {
    let numbers = world.host.devices[device]?.interfaceNumbers ?? []
    guard next < numbers.count else { return finish(&world, 0) }
    stage = .binding(next: next + 1)
    return world.probe(device, interface: numbers[next]) ?? bind(&world, next: next + 1)
  }

  private mutating func finish(_ world: inout GadgetWorld, _ ret: Int) -> FrameStep {
    world.host.devices[device]?.usage -= 1
    if let idle = world.host.devices[device], idle.maySuspend, idle.autosuspendDelay == 0 {
      stage = .suspended(ret: ret)
      return .call(.suspendDevice(SuspendDevice(device: device)))
    }
    world.armAutosuspend(device)
    return .done(ret)
  }
}

extension GadgetWorld {
  /// The probe of the driver that takes an interface, or nil when there is none.
  mutating func probe(_ id: Int, interface: Int) -> FrameStep? {
    guard let device = host.devices[id], device.drivers[interface] == nil,
      let setting = device.currentSetting(interface)
    else { return nil }
    if setting.interfaceClass == 3 {
      return .call(.hidProbe(HIDProbe(device: id, interface: interface)))
    }
    if setting.interfaceClass == 9 || device.descriptor[4] == 9 { probeHub(id, device, setting) }
    return nil
  }

  /// `hub_probe()` as far as it goes with a gadget that is no hub: the device may sleep from now
  /// on, and a descriptor without the one interrupt endpoint of a hub is refused.
  private mutating func probeHub(_ id: Int, _ device: UsbDevice, _ setting: UsbInterface) {
    host.devices[id]?.autosuspendDelay = 0
    host.devices[id]?.controlAuto = true
    let status = setting.endpoints.first
    let isSane =
      setting.subclass <= 1 && setting.endpoints.count == 1 && status?.type == .interrupt
      && status.map { $0.address & 0x80 != 0 } ?? false
    if isSane { return }
    let value = device.activeConfiguration?.value ?? 1
    logLine(
      "hub \(host.name(of: device)):\(value).\(setting.number): bad descriptor, ignoring hub")
  }

  /// Unbinds every interface of a device and ends what is in flight for it.
  mutating func unbindInterfaces(_ id: Int) {
    guard let device = host.devices[id] else { return }
    for number in device.drivers.keys.sorted() { unbindInterface(id, number) }
    flush(device: id, .ESHUTDOWN) { $0.endpoint & 0x7f != 0 }
  }

  /// Unbinds the driver of one interface (`usb_unbind_interface()`).
  mutating func unbindInterface(_ id: Int, _ number: Int) {
    guard let device = host.devices[id], let driver = device.drivers[number] else { return }
    let endpoints = device.currentSetting(number)?.endpoints.map(\.address) ?? []
    // usbfs kills its URBs itself; those of other drivers end with the endpoint.
    var errno = Errno.ESHUTDOWN
    if case .usbfs = driver, device.state != .notAttached { errno = .ENOENT }
    if case .usbfs(let file) = driver { host.usbfsFiles[file]?.claimed.remove(number) }
    host.devices[id]?.drivers[number] = nil
    flush(device: id, errno) { endpoints.contains($0.endpoint) }
  }
}

/// `usb_set_interface()`.
struct SetInterface: SteppingFrame {
  var device: Int
  var interface: Int
  var alternate: Int

  mutating func step(
    _ world: inout GadgetWorld, task: Int, _ input: FrameInput
  ) -> FrameStep {
    if case .value(let value) = input {
      let settings = settings(world)
      // A device with one setting may stall the request.
      if value.ret < 0, !(value.ret == Errno.EPIPE.negated && settings == 1) {
        return .done(value.ret)
      }
      let old = world.host.devices[device]?.currentSetting(interface)?.endpoints ?? []
      world.host.devices[device]?.alternates[interface] = alternate
      let addresses = old.map(\.address)
      world.flush(device: device, .ENOENT) { addresses.contains($0.endpoint) }
      return .done(0)
    }
    guard let target = world.host.devices[device], let configuration = target.activeConfiguration
    else { return .done(Errno.EHOSTUNREACH.negated) }
    guard configuration.interfaceNumbers.contains(interface) else {
      return .done(Errno.EINVAL.negated)
    }
    guard
      configuration.interfaces.contains(where: {
        $0.number == interface && $0.alternate == alternate
      })
    else {
      world.deviceLog(device, "selecting invalid altsetting \(alternate)")
      return .done(Errno.EINVAL.negated)
    }
    return .call(
      .controlMessage(
        ControlMessage(
          device: device,
          setup: SetupPacket(
            1, 11, value: UInt16(clamping: alternate), index: UInt16(clamping: interface),
            length: 0))))
  }

  private func settings(_ world: GadgetWorld) -> Int {
    world.host.devices[device]?.activeConfiguration?.interfaces.filter {
      $0.number == interface
    }.count ?? 0
  }
}
