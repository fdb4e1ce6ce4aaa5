import USB

/// `hub_port_connect()`: removes the device that was on the port and enumerates the one that is.
struct PortConnect: HostRoutine {
  private enum Stage: Equatable, Sendable {
    case start
    case debounced
    case initialized
    case qualified
    case registered
    case powerOff
    case powerOn
  }

  var half: RootHubID
  var status: UInt32
  private var stage = Stage.start
  private var retry = 0
  private var device = -1
  private var result = 0

  init(half: RootHubID, status: UInt32) {
    self.half = half
    self.status = status
  }

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    var ret = 0
    if case .value(let value) = input { ret = value.ret }
    switch stage {
    case .start:
      return start(&side)
    case .debounced:
      status = ret < 0 ? status & ~PortStatus.connection : UInt32(truncatingIfNeeded: ret)
      return connect(&side)
    case .initialized:
      guard ret >= 0 else { return failed(&side, ret, disable: false) }
      return afterInit(&side)
    case .qualified:
      if ret == 10 {
        side.deviceLog(
          device, "not running at top speed; connect to a high speed hub")
      }
      return register(&side)
    case .registered:
      guard ret >= 0 else {
        side.host.hubs[half]?.child = nil
        return failed(&side, ret, disable: true)
      }
      return .done(0)
    case .powerOff:
      stage = .powerOn
      side.setPortFeature(half, PortFeature.power)
      return .sleep(milliseconds: 100)
    case .powerOn:
      return next(&side)
    }
  }

  private mutating func start(_ side: inout some HostSide) -> RoutineStep {
    if let child = side.host.hubs[half]?.child {
      side.disconnect(child)
    }
    let changed = status & PortStatus.changedConnection != 0
    if status & PortStatus.connection == 0 || changed { side.host.hubs[half]?.removed = false }
    guard changed else { return connect(&side) }
    stage = .debounced
    return .call(Debounce(half: half))
  }

  private mutating func connect(_ side: inout some HostSide) -> RoutineStep {
    guard status & PortStatus.connection != 0, side.host.hubs[half]?.removed == false else {
      if status & PortStatus.enable != 0 { side.disablePort(half) }
      return .done(0)
    }
    return enumerate(&side)
  }

  private mutating func enumerate(_ side: inout some HostSide) -> RoutineStep {
    device = side.allocateDevice(half)
    stage = .initialized
    return .call(PortInit(device: device, retry: retry, initial: true))
  }

  /// A device of USB 2 that runs at full speed is asked whether it could run at high speed.
  private mutating func afterInit(_ side: inout some HostSide) -> RoutineStep {
    guard let target = side.host.devices[device], target.speed == .full,
      target.bcdUSB >= 0x0200
    else { return register(&side) }
    stage = .qualified
    return .call(GetDescriptor(device: device, type: 6, size: 10))
  }

  private mutating func register(_ side: inout some HostSide) -> RoutineStep {
    stage = .registered
    side.host.hubs[half]?.child = device
    return .call(NewDevice(device: device))
  }

  private mutating func failed(
    _ side: inout some HostSide, _ ret: Int, disable: Bool
  ) -> RoutineStep {
    result = ret
    if disable { side.disablePort(half) }
    side.freeDevice(device)
    if ret == Errno.ENOTCONN.negated { return giveUp(&side) }
    guard retry == 1 else { return next(&side) }
    side.logLine(
      "usb usb\(side.host.hubs[half]?.bus ?? 0)-port1: attempt power cycle")
    side.clearPortFeature(half, PortFeature.power)
    stage = .powerOff
    return .sleep(milliseconds: 200)
  }

  private mutating func next(_ side: inout some HostSide) -> RoutineStep {
    retry += 1
    return retry < 4 ? enumerate(&side) : giveUp(&side)
  }

  private func giveUp(_ side: inout some HostSide) -> RoutineStep {
    if result != Errno.ENOTCONN.negated, result != Errno.ENODEV.negated {
      side.logLine(
        "usb usb\(side.host.hubs[half]?.bus ?? 0)-port1: unable to enumerate USB device")
    }
    side.disablePort(half)
    return .done(0)
  }
}
