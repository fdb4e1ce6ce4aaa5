import USB

/// `usb_set_interface()`.
struct SetInterface: HostRoutine {
  private enum Stage: Equatable, Sendable {
    case start
    case asked
    /// Clearing the halts of a device that stalls the request for want of another setting.
    case clearing(next: Int)
    case named
  }

  var device: Int
  var interface: Int
  var alternate: Int
  private var stage = Stage.start

  init(device: Int, interface: Int, alternate: Int) {
    self.device = device
    self.interface = interface
    self.alternate = alternate
  }

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    var ret = 0
    if case .value(let value) = input { ret = value.ret }
    switch stage {
    case .start: return start(&side)
    case .asked: return asked(&side, ret)
    case .clearing(let next): return clear(&side, next)
    case .named: return .done(0)
    }
  }

  private mutating func start(_ side: inout some HostSide) -> RoutineStep {
    guard let target = side.host.devices[device], target.activeConfiguration != nil else {
      return .done(Errno.EHOSTUNREACH.negated)
    }
    guard target.interfaceNumbers.contains(interface) else {
      return .done(Errno.EINVAL.negated)
    }
    guard target.settings(interface).contains(where: { $0.alternate == alternate }) else {
      side.deviceLog(device, "selecting invalid altsetting \(alternate)")
      return .done(Errno.EINVAL.negated)
    }
    side.flushInterface(device, interface)
    stage = .asked
    return .call(
      ControlMessage(
        device: device,
        setup: SetupPacket(
          1, 11, value: UInt16(clamping: alternate), index: UInt16(clamping: interface),
          length: 0)))
  }

  private mutating func asked(_ side: inout some HostSide, _ ret: Int) -> RoutineStep {
    let manual = ret == Errno.EPIPE.negated && settings(side) == 1
    if ret < 0, !manual { return .done(ret) }
    let changes = side.host.devices[device]?.currentSetting(interface)?.alternate != alternate
    side.flushInterface(device, interface)
    side.host.devices[device]?.alternates[interface] = alternate
    if manual { return clear(&side, 0) }
    guard changes else { return .done(0) }
    stage = .named
    return .call(NameInterface(device: device, interface: interface))
  }

  private mutating func clear(_ side: inout some HostSide, _ next: Int) -> RoutineStep {
    let endpoints = side.host.devices[device]?.currentSetting(interface)?.endpoints ?? []
    guard next < endpoints.count else { return .done(0) }
    stage = .clearing(next: next + 1)
    return .call(ClearHalt(device: device, endpoint: endpoints[next].address))
  }

  private func settings(_ side: some HostSide) -> Int {
    side.host.devices[device]?.settings(interface).count ?? 0
  }
}

/// `usb_reset_configuration()`: sets the active configuration once more, drivers stay bound.
struct ResetConfiguration: HostRoutine {
  var device: Int

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    if case .value(let value) = input {
      if value.ret < 0 { return .done(value.ret) }
      side.host.devices[device]?.alternates = [:]
      return .done(0)
    }
    guard let target = side.host.devices[device], let active = target.activeConfiguration
    else { return .done(Errno.ENODEV.negated) }
    side.flush(device: device, .ESHUTDOWN) { $0.endpoint & 0x7f != 0 }
    return .call(
      ControlMessage(
        device: device,
        setup: SetupPacket(0, 9, value: UInt16(active.value), index: 0, length: 0)))
  }
}
