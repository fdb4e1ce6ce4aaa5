import USB

/// The hub driver's work for one root hub: waking it, `hub_activate()` and `hub_event()`.
struct HubWork: HostRoutine {
  var half: RootHubID
  private var resuming = false
  /// The port's status with a change of connection, about to be acknowledged.
  private var changed: UInt32?

  init(half: RootHubID) { self.half = half }

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    if resuming {
      resuming = false
      finishResume(&side)
    }
    while let hub = side.host.hubs[half] {
      if hub.isSuspended {
        guard hub.wakeRequested else { return .done(0) }
        if resume(&side) {
          resuming = true
          return .sleep(milliseconds: 100)
        }
        finishResume(&side)
        continue
      }
      if let status = changed {
        changed = nil
        side.clearPortFeature(half, PortFeature.changedConnection)
        if let step = portChanged(&side, status, connectChange: true) { return step }
        continue
      }
      if hub.portLocked { return .done(0) }
      guard hub.eventBit || hub.changeBit else { break }
      if let step = portEvent(&side) { return step }
    }
    side.suspendIdleHub(half, workDone: true)
    return .done(0)
  }

  /// `hub_activate()` after a resume.
  ///
  /// - Returns: true when the port has to be given time to settle.
  private func resume(_ side: inout some HostSide) -> Bool {
    side.host.hubs[half]?.isSuspended = false
    side.host.hubs[half]?.wakeRequested = false
    side.suspendRootHub(half, false)
    let status = side.portStatus(half)
    let child = side.host.hubs[half]?.child
    if status & PortStatus.enable != 0, child == nil, !half.isSuper {
      side.clearPortFeature(half, PortFeature.enable)
    }
    let changed = status & PortStatus.changedConnection != 0
    if changed { side.clearPortFeature(half, PortFeature.changedConnection) }
    if status & PortStatus.connection == 0 || changed { side.host.hubs[half]?.removed = false }
    if child == nil {
      if status & PortStatus.connection != 0 { side.host.hubs[half]?.changeBit = true }
    } else if status & PortStatus.enable != 0 {
      if status & PortStatus.anyChange != 0 { side.host.hubs[half]?.eventBit = true }
    } else {
      side.host.hubs[half]?.changeBit = true
    }
    if changed { side.host.hubs[half]?.eventBit = true }
    return changed
  }

  private func finishResume(_ side: inout some HostSide) {
    side.submitStatusURB(half)
  }

  /// `port_event()` with `hub_port_connect_change()`.
  private mutating func portEvent(_ side: inout some HostSide) -> RoutineStep? {
    let connectChange = side.host.hubs[half]?.changeBit ?? false
    side.host.hubs[half]?.eventBit = false
    let status = side.portStatus(half)
    if status & PortStatus.changedConnection != 0 {
      // Until the hub driver acts on it, transfers in flight meet a port nobody answers on.
      changed = status
      return .pause(150)
    }
    return portChanged(&side, status, connectChange: connectChange)
  }

  private func portChanged(
    _ side: inout some HostSide, _ portStatus: UInt32, connectChange: Bool
  ) -> RoutineStep? {
    var status = portStatus
    if status & PortStatus.changedReset != 0 {
      side.clearPortFeature(half, PortFeature.changedReset)
    }
    if status & PortStatus.changedSuspend != 0, !half.isSuper {
      side.clearPortFeature(half, PortFeature.changedSuspend)
    }
    guard connectChange else { return nil }
    side.host.hubs[half]?.changeBit = false
    if let child = side.host.hubs[half]?.child, status & PortStatus.connection != 0,
      status & PortStatus.enable != 0, side.host.devices[child]?.state != .notAttached
    {
      // Nothing happened to the device that is there: it stays.
      if status & PortStatus.changedConnection == 0 { return nil }
    }
    if side.host.hubs[half]?.portDisabled == true { status &= ~PortStatus.connection }
    return .call(PortConnect(half: half, status: status))
  }
}
