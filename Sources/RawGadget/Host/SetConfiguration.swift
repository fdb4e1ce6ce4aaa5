import USB

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
      if case .value(let string) = input, string.ret > 0, let chosen {
        world.host.devices[device]?.configurationStrings[chosen] = String(
          decoding: string.data, as: UTF8.self)
      }
      return bind(&world, next: 0)
    case .named(let next):
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
    warnOfPower(&world, target, wanted)
    value = wanted
    world.host.devices[device]?.usage += 1
    stage = .resumed
    return .call(.resume(ResumeDevice(device: device)))
  }

  private func warnOfPower(_ world: inout GadgetWorld, _ target: UsbDevice, _ wanted: Int) {
    guard let chosen else { return }
    let unit = target.speed >= .super ? 8 : 2
    let excess = Int(target.configurations[chosen].maxPower) * unit - target.mA
    guard excess > 0 else { return }
    world.deviceLog(device, "new config #\(wanted) exceeds power limit by \(excess)mA")
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
    world.host.devices[device]?.state = .configured
    let index = world.host.devices[device]?.activeConfiguration?.stringIndex ?? 0
    let isKnown = world.host.devices[device]?.configurationString != nil
    stage = .string
    guard index > 0, !isKnown else { return bind(&world, next: 0) }
    return .call(.readString(ReadString(device: device, index: index)))
  }

  private mutating func bind(_ world: inout GadgetWorld, next: Int) -> FrameStep {
    let numbers = world.host.devices[device]?.interfaceNumbers ?? []
    guard next < numbers.count else { return finish(&world, 0) }
    // An interface that appears in sysfs is asked for its name before a driver sees it.
    stage = .named(next: next)
    return .call(.nameInterface(NameInterface(device: device, interface: numbers[next])))
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
}
