package import USB

/// What the rest of the host does with a root hub and its port.
extension HostSide {
  /// `kick_hub_wq()`: lets the hub driver look at its port unless it is at it.
  mutating func kickHub(_ half: RootHubID) {
    guard let hub = host.hubs[half], hub.task == nil, !hub.portLocked,
      hub.isSuspended ? hub.wakeRequested : hub.eventBit || hub.changeBit
    else { return }
    let task = begin(HostTask(owner: .hub(half), routines: []))
    host.hubs[half]?.task = task
  }

  /// `usb_hcd_poll_rh_status()`: reports a change on the port to the hub driver.
  package mutating func pollRootHub(_ half: RootHubID) {
    guard portHasChange(half), let hub = host.hubs[half] else { return }
    if hub.isSuspended {
      host.hubs[half]?.wakeRequested = true
      kickHub(half)
    } else if hub.statusQueued {
      monitorStatusURB(half, .completion, status: 0, length: 1)
      submitStatusURB(half)
      host.hubs[half]?.eventBit = true
      kickHub(half)
    }
  }

  /// Suspends a root hub that has nothing awake on its port and no work to do.
  mutating func suspendIdleHub(_ half: RootHubID, workDone: Bool = false) {
    guard let hub = host.hubs[half], !hub.isSuspended, workDone || hub.task == nil,
      hub.child == nil || childSleeps(hub)
    else { return }
    host.hubs[half]?.isSuspended = true
    // The hub of USB 3 is asked to wake the host; it cannot.
    if half.isSuper { setPortFeature(half, PortFeature.remoteWake, index: 0x0701) }
    host.hubs[half]?.statusQueued = false
    monitorStatusURB(half, .completion, status: Errno.ENOENT.negated, length: 0)
    suspendRootHub(half, true)
  }

  private func childSleeps(_ hub: RootHub) -> Bool {
    guard let child = hub.child, let device = host.devices[child] else { return true }
    return device.isSuspended && !device.isResuming
  }

  /// Resumes a root hub whose device is to be resumed.
  mutating func wakeHub(_ half: RootHubID) {
    host.hubs[half]?.isSuspended = false
    suspendRootHub(half, false)
    _ = portStatus(half)
    submitStatusURB(half)
  }

  /// Keeps the hub driver off its port, or lets it look again.
  mutating func lockPort(_ half: RootHubID, _ locked: Bool) {
    host.hubs[half]?.portLocked = locked
    if !locked { kickHub(half) }
  }

  /// `hub_port_disable()`.
  mutating func disablePort(_ half: RootHubID) {
    let ret =
      half.isSuper
      // A port of USB 3 is put to U3; it stays enabled electrically.
      ? setPortFeature(half, PortFeature.linkState, index: 0x0301)
      : clearPortFeature(half, PortFeature.enable)
    guard ret < 0, ret != Errno.ENODEV.negated else { return }
    logLine("usb usb\(host.hubs[half]?.bus ?? 0)-port1: cannot disable (err = \(ret))")
  }

  /// `hub_port_logical_disconnect()`.
  mutating func logicalDisconnect(_ id: Int) {
    guard let half = host.devices[id]?.half else { return }
    disablePort(half)
    host.devices[id]?.state = .notAttached
    host.hubs[half]?.changeBit = true
    kickHub(half)
  }
}
