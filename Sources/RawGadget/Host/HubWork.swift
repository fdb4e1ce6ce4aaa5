import USB

/// The hub driver's work for one root hub: waking it, `hub_activate()` and `hub_event()`.
struct HubWork: SteppingFrame {
  var half: HostRef
  private var resuming = false
  /// The port's status with a change of connection, about to be acknowledged.
  private var changed: UInt32?

  init(half: HostRef) { self.half = half }

  mutating func step(
    _ world: inout GadgetWorld, task: Int, _ input: FrameInput
  ) -> FrameStep {
    if resuming {
      resuming = false
      finishResume(&world)
    }
    while let hub = world.host.hubs[half] {
      if hub.isSuspended {
        guard hub.wakeRequested else { return .done(0) }
        if resume(&world) {
          resuming = true
          return .sleep(milliseconds: 100)
        }
        finishResume(&world)
        continue
      }
      if let status = changed {
        changed = nil
        world.clearPortFeature(half, PortFeature.changedConnection)
        if let step = portChanged(&world, status, connectChange: true) { return step }
        continue
      }
      if hub.portLocked { return .done(0) }
      guard hub.eventBit || hub.changeBit else { break }
      if let step = portEvent(&world) { return step }
    }
    world.suspendIdleHub(half, workDone: true)
    return .done(0)
  }

  /// `hub_activate()` after a resume.
  ///
  /// - Returns: true when the port has to be given time to settle.
  private func resume(_ world: inout GadgetWorld) -> Bool {
    world.host.hubs[half]?.isSuspended = false
    world.host.hubs[half]?.wakeRequested = false
    world[half].suspended = false
    world.setLinkState(half)
    let status = world.portStatus(half)
    let child = world.host.hubs[half]?.child
    if status & PortStatus.enable != 0, child == nil, !half.isSuper {
      world.clearPortFeature(half, PortFeature.enable)
    }
    let changed = status & PortStatus.changedConnection != 0
    if changed { world.clearPortFeature(half, PortFeature.changedConnection) }
    if status & PortStatus.connection == 0 || changed { world.host.hubs[half]?.removed = false }
    if child == nil {
      if status & PortStatus.connection != 0 { world.host.hubs[half]?.changeBit = true }
    } else if status & PortStatus.enable != 0 {
      if status & PortStatus.anyChange != 0 { world.host.hubs[half]?.eventBit = true }
    } else {
      world.host.hubs[half]?.changeBit = true
    }
    if changed { world.host.hubs[half]?.eventBit = true }
    return changed
  }

  private func finishResume(_ world: inout GadgetWorld) {
    world.submitStatusURB(half)
  }

  /// `port_event()` with `hub_port_connect_change()`.
  private mutating func portEvent(_ world: inout GadgetWorld) -> FrameStep? {
    let connectChange = world.host.hubs[half]?.changeBit ?? false
    world.host.hubs[half]?.eventBit = false
    let status = world.portStatus(half)
    if status & PortStatus.changedConnection != 0 {
      // Until the hub driver acts on it, transfers in flight meet a port nobody answers on.
      changed = status
      return .pause(150)
    }
    return portChanged(&world, status, connectChange: connectChange)
  }

  private func portChanged(
    _ world: inout GadgetWorld, _ portStatus: UInt32, connectChange: Bool
  ) -> FrameStep? {
    var status = portStatus
    if status & PortStatus.changedReset != 0 {
      world.clearPortFeature(half, PortFeature.changedReset)
    }
    if status & PortStatus.changedSuspend != 0, !half.isSuper {
      world.clearPortFeature(half, PortFeature.changedSuspend)
    }
    guard connectChange else { return nil }
    world.host.hubs[half]?.changeBit = false
    if let child = world.host.hubs[half]?.child, status & PortStatus.connection != 0,
      status & PortStatus.enable != 0, world.host.devices[child]?.state != .notAttached
    {
      // Nothing happened to the device that is there: it stays.
      if status & PortStatus.changedConnection == 0 { return nil }
    }
    if world.host.hubs[half]?.portDisabled == true { status &= ~PortStatus.connection }
    return .call(.portConnect(PortConnect(half: half, status: status)))
  }
}

extension GadgetWorld {
  /// `kick_hub_wq()`: lets the hub driver look at its port unless it is at it.
  mutating func kickHub(_ half: HostRef) {
    guard let hub = host.hubs[half], hub.task == nil, !hub.portLocked,
      hub.isSuspended ? hub.wakeRequested : hub.eventBit || hub.changeBit
    else { return }
    let task = startTask(.hub(half), .hubWork(HubWork(half: half)))
    host.hubs[half]?.task = task
  }

  /// Suspends a root hub that has nothing awake on its port and no work to do.
  mutating func suspendIdleHub(_ half: HostRef, workDone: Bool = false) {
    guard let hub = host.hubs[half], !hub.isSuspended, workDone || hub.task == nil,
      hub.child == nil || childSleeps(hub)
    else { return }
    host.hubs[half]?.isSuspended = true
    // The hub of USB 3 is asked to wake the host; it cannot.
    if half.isSuper { setPortFeature(half, PortFeature.remoteWake, index: 0x0701) }
    host.hubs[half]?.statusQueued = false
    monitorStatusURB(half, .completion, status: Errno.ENOENT.negated, length: 0)
    self[half].suspended = true
    setLinkState(half)
  }

  private func childSleeps(_ hub: RootHub) -> Bool {
    guard let child = hub.child, let device = host.devices[child] else { return true }
    return device.isSuspended && !device.isResuming
  }

  /// Keeps the hub driver off its port, or lets it look again.
  mutating func lockPort(_ half: HostRef, _ locked: Bool) {
    host.hubs[half]?.portLocked = locked
    if !locked { kickHub(half) }
  }

  /// `hub_port_disable()`.
  mutating func disablePort(_ half: HostRef) {
    if half.isSuper {
      // A port of USB 3 is put to U3; it stays enabled electrically.
      setPortFeature(half, PortFeature.linkState, index: 0x0301)
    } else {
      clearPortFeature(half, PortFeature.enable)
    }
  }
}
