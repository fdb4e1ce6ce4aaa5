import USB

/// `usb_set_configuration()`: unbinds what is bound, asks the device, binds drivers again.
struct SetConfiguration: HostRoutine {
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
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    guard let target = side.host.devices[device], target.state != .notAttached else {
      return .done(Errno.ENODEV.negated)
    }
    var ret = 0
    if case .value(let returned) = input { ret = returned.ret }
    switch stage {
    case .start:
      return start(&side, target)
    case .resumed:
      return ask(&side, target)
    case .asked:
      return asked(&side, ret)
    case .string:
      if case .value(let string) = input, string.ret > 0, let chosen {
        side.host.devices[device]?.configurationStrings[chosen] = String(
          decoding: string.data, as: UTF8.self)
      }
      return bind(&side, next: 0)
    case .named(let next):
      return probe(&side, next: next)
    case .binding(let next):
      return bind(&side, next: next)
    case .suspended(let result):
      return .done(result)
    }
  }

  private mutating func start(_ side: inout some HostSide, _ target: UsbDevice) -> RoutineStep {
    var wanted = value
    if !target.authorized || wanted == -1 {
      wanted = 0
    } else {
      chosen = target.configurations.firstIndex { Int($0.value) == wanted }
    }
    if chosen == nil, wanted != 0 { return .done(Errno.EINVAL.negated) }
    if chosen != nil, wanted == 0 { side.deviceLog(device, "config 0 descriptor??") }
    warnOfPower(&side, target, wanted)
    value = wanted
    side.host.devices[device]?.usage += 1
    stage = .resumed
    return .call(ResumeDevice(device: device))
  }

  private func warnOfPower(_ side: inout some HostSide, _ target: UsbDevice, _ wanted: Int) {
    guard let chosen else { return }
    let unit = target.speed >= .super ? 8 : 2
    let excess = Int(target.configurations[chosen].maxPower) * unit - target.mA
    guard excess > 0 else { return }
    side.deviceLog(device, "new config #\(wanted) exceeds power limit by \(excess)mA")
  }

  private mutating func ask(_ side: inout some HostSide, _ target: UsbDevice) -> RoutineStep {
    if target.state == .configured {
      side.unbindInterfaces(device)
      side.host.devices[device]?.state = .address
    }
    side.host.devices[device]?.active = nil
    stage = .asked
    return .call(
      ControlMessage(
        device: device,
        setup: SetupPacket(0, 9, value: UInt16(clamping: value), index: 0, length: 0)))
  }

  private mutating func asked(_ side: inout some HostSide, _ ret: Int) -> RoutineStep {
    guard ret >= 0, let chosen else { return finish(&side, min(ret, 0)) }
    side.host.devices[device]?.active = chosen
    side.host.devices[device]?.alternates = [:]
    side.host.devices[device]?.state = .configured
    let index = side.host.devices[device]?.activeConfiguration?.stringIndex ?? 0
    let isKnown = side.host.devices[device]?.configurationString != nil
    stage = .string
    guard index > 0, !isKnown else { return bind(&side, next: 0) }
    return .call(ReadString(device: device, index: index))
  }

  private mutating func bind(_ side: inout some HostSide, next: Int) -> RoutineStep {
    let numbers = side.host.devices[device]?.interfaceNumbers ?? []
    guard next < numbers.count else { return finish(&side, 0) }
    // An interface that appears in sysfs is asked for its name before a driver sees it.
    stage = .named(next: next)
    return .call(NameInterface(device: device, interface: numbers[next]))
  }

  private mutating func probe(_ side: inout some HostSide, next: Int) -> RoutineStep {
    let numbers = side.host.devices[device]?.interfaceNumbers ?? []
    guard next < numbers.count else { return finish(&side, 0) }
    stage = .binding(next: next + 1)
    return side.probe(device, interface: numbers[next]) ?? bind(&side, next: next + 1)
  }

  private mutating func finish(_ side: inout some HostSide, _ ret: Int) -> RoutineStep {
    side.host.devices[device]?.usage -= 1
    if let idle = side.host.devices[device], idle.maySuspend, idle.autosuspendDelay == 0 {
      stage = .suspended(ret: ret)
      return .call(SuspendDevice(device: device))
    }
    side.armAutosuspend(device)
    return .done(ret)
  }
}
