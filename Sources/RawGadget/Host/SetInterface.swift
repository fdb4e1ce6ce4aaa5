import USB

/// `usb_set_interface()`.
struct SetInterface: SteppingFrame {
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
    _ world: inout GadgetWorld, task: Int, _ input: FrameInput
  ) -> FrameStep {
    var ret = 0
    if case .value(let value) = input { ret = value.ret }
    switch stage {
    case .start: return start(&world)
    case .asked: return asked(&world, ret)
    case .clearing(let next): return clear(&world, next)
    case .named: return .done(0)
    }
  }

  private mutating func start(_ world: inout GadgetWorld) -> FrameStep {
    guard let target = world.host.devices[device], target.activeConfiguration != nil else {
      return .done(Errno.EHOSTUNREACH.negated)
    }
    guard target.interfaceNumbers.contains(interface) else {
      return .done(Errno.EINVAL.negated)
    }
    guard target.settings(interface).contains(where: { $0.alternate == alternate }) else {
      world.deviceLog(device, "selecting invalid altsetting \(alternate)")
      return .done(Errno.EINVAL.negated)
    }
    world.flushInterface(device, interface)
    stage = .asked
    return .call(
      .controlMessage(
        ControlMessage(
          device: device,
          setup: SetupPacket(
            1, 11, value: UInt16(clamping: alternate), index: UInt16(clamping: interface),
            length: 0))))
  }

  private mutating func asked(_ world: inout GadgetWorld, _ ret: Int) -> FrameStep {
    let manual = ret == Errno.EPIPE.negated && settings(world) == 1
    if ret < 0, !manual { return .done(ret) }
    let changes = world.host.devices[device]?.currentSetting(interface)?.alternate != alternate
    world.flushInterface(device, interface)
    world.host.devices[device]?.alternates[interface] = alternate
    if manual { return clear(&world, 0) }
    guard changes else { return .done(0) }
    stage = .named
    return .call(.nameInterface(NameInterface(device: device, interface: interface)))
  }

  private mutating func clear(_ world: inout GadgetWorld, _ next: Int) -> FrameStep {
    let endpoints = world.host.devices[device]?.currentSetting(interface)?.endpoints ?? []
    guard next < endpoints.count else { return .done(0) }
    stage = .clearing(next: next + 1)
    return .call(.clearHalt(ClearHalt(device: device, endpoint: endpoints[next].address)))
  }

  private func settings(_ world: GadgetWorld) -> Int {
    world.host.devices[device]?.settings(interface).count ?? 0
  }
}

/// `usb_reset_configuration()`: sets the active configuration once more, drivers stay bound.
struct ResetConfiguration: SteppingFrame {
  var device: Int

  mutating func step(
    _ world: inout GadgetWorld, task: Int, _ input: FrameInput
  ) -> FrameStep {
    if case .value(let value) = input {
      if value.ret < 0 { return .done(value.ret) }
      world.host.devices[device]?.alternates = [:]
      return .done(0)
    }
    guard let target = world.host.devices[device], let active = target.activeConfiguration
    else { return .done(Errno.ENODEV.negated) }
    world.flush(device: device, .ESHUTDOWN) { $0.endpoint & 0x7f != 0 }
    return .call(
      .controlMessage(
        ControlMessage(
          device: device,
          setup: SetupPacket(0, 9, value: UInt16(active.value), index: 0, length: 0))))
  }
}
