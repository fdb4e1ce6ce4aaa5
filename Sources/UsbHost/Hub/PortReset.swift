import USB

/// `hub_port_reset()` with `hub_port_wait_reset()`: up to five tries.
struct PortReset: HostRoutine {
  var half: RootHubID
  var device: Int
  /// Milliseconds between looks at the port.
  var delay: Int
  /// True for the longer reset of a port of USB 3.
  var warm: Bool
  private var tries = 0
  private var waited = 0
  private var pace = 0
  private var recovering = false

  init(half: RootHubID, device: Int, delay: Int, warm: Bool = false) {
    self.half = half
    self.device = device
    self.delay = delay
    self.warm = warm
  }

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    if recovering { return succeed(&side) }
    if case .start = input {
      // The port of USB 3 is looked at first: it may need a warm reset.
      if half.isSuper, !warm { _ = side.portStatus(half) }
      return begin(&side)
    }
    let status = side.portStatus(half)
    let isOver = status & PortStatus.reset == 0 && status & PortStatus.connection != 0
    if !isOver {
      // After the first looks the port is given more time; it may still be reconnecting.
      if waited >= 20 { pace = 200 }
      waited += pace
      if waited < 800 { return .sleep(milliseconds: pace) }
    }
    let result = judge(&side, status)
    guard result == 0 || result == Errno.ENOTCONN.negated else {
      tries += 1
      delay = 200
      if tries < 5 { return begin(&side) }
      let bus = side.host.hubs[half]?.bus ?? 0
      side.logLine("usb usb\(bus)-port1: Cannot enable. Maybe the USB cable is bad?")
      return .done(result)
    }
    side.clearPortFeature(half, PortFeature.changedReset)
    if half.isSuper {
      side.clearPortFeature(half, PortFeature.changedWarmReset)
      side.clearPortFeature(half, PortFeature.changedLinkState)
      side.clearPortFeature(half, PortFeature.changedConnection)
      _ = side.portStatus(half)
    }
    guard result == 0 else { return .done(result) }
    recovering = true
    return .sleep(milliseconds: 50)
  }

  private mutating func begin(_ side: inout some HostSide) -> RoutineStep {
    waited = 0
    pace = delay
    side.setPortFeature(half, warm ? PortFeature.warmReset : PortFeature.reset)
    return .sleep(milliseconds: delay)
  }

  private func judge(_ side: inout some HostSide, _ status: UInt32) -> Int {
    if status & PortStatus.reset != 0 { return Errno.EBUSY.negated }
    if status & PortStatus.connection == 0 { return Errno.ENOTCONN.negated }
    if !half.isSuper, status & PortStatus.changedConnection != 0 {
      side.clearPortFeature(half, PortFeature.changedConnection)
      return Errno.EAGAIN.negated
    }
    if status & PortStatus.enable == 0 { return Errno.EBUSY.negated }
    if half.isSuper {
      side.host.devices[device]?.speed = .super
    } else if status & PortStatus.highSpeed != 0 {
      side.host.devices[device]?.speed = .high
    } else if status & PortStatus.lowSpeed != 0 {
      side.host.devices[device]?.speed = .low
    } else {
      side.host.devices[device]?.speed = .full
    }
    return 0
  }

  private func succeed(_ side: inout some HostSide) -> RoutineStep {
    side.host.devices[device]?.state = .default
    return .done(0)
  }
}

/// `hub_port_debounce()`: waits until the connection has been stable for 100 ms.
struct Debounce: HostRoutine {
  var half: RootHubID
  private var connection: UInt32 = 0xffff
  private var stable = 0
  private var total = 0

  init(half: RootHubID) { self.half = half }

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    let status = side.portStatus(half)
    let changed = status & PortStatus.changedConnection != 0
    if !changed, status & PortStatus.connection == connection {
      stable += 25
      if stable >= 100 { return .done(Int(status & 0xffff)) }
    } else {
      stable = 0
      connection = status & PortStatus.connection
    }
    if changed { side.clearPortFeature(half, PortFeature.changedConnection) }
    if total >= 2000 { return .done(Errno.ETIMEDOUT.negated) }
    total += 25
    return .sleep(milliseconds: 25)
  }
}
