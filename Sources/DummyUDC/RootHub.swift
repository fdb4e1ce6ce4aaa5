package import USB

extension ControllerSide {
  /// Whether the port has a change the root hub reports.
  package func portHasChange(_ half: RootHubID) -> Bool {
    self[half].portStatus & PortStatus.anyChange != 0
  }

  /// `dummy_bus_suspend()` and `dummy_bus_resume()`.
  package mutating func suspendRootHub(_ half: RootHubID, _ suspends: Bool) {
    self[half].suspended = suspends
    setLinkState(half)
  }

  /// `dummy_hub_control()` and `ss_hub` requests of it.
  package mutating func hubControl(
    _ half: RootHubID, _ setup: SetupPacket
  ) -> (Int, [UInt8]) {
    switch (setup.bmRequestType, setup.bRequest) {
    case (0xa3, 0): return (0, getPortStatus(half))
    case (0x23, 1): return (clearPort(half, setup.wValue), [])
    case (0x23, 3): return (setPort(half, setup.wValue), [])
    default: return (Errno.EPIPE.negated, [])
    }
  }

  private mutating func getPortStatus(_ half: RootHubID) -> [UInt8] {
    var port = self[half]
    let controller = controllers[half.controller]
    if port.resuming, now >= port.reTimeout {
      port.portStatus |= PortStatus.changedSuspend
      port.portStatus &= ~PortStatus.suspend
    }
    if port.portStatus & PortStatus.reset != 0, now >= port.reTimeout {
      port.portStatus |= PortStatus.changedReset
      port.portStatus &= ~PortStatus.reset
      if controller.pullup {
        port.portStatus |= PortStatus.enable
        if !half.isSuper {
          if controller.speed == .high { port.portStatus |= PortStatus.highSpeed }
          if controller.speed == .low {
            port.portStatus |= PortStatus.lowSpeed
            controllers[half.controller].endpoints[0].maxPacket = 8
          }
        }
      }
    }
    self[half] = port
    setLinkState(half)
    return littleEndian(self[half].portStatus)
  }

  private mutating func clearPort(_ half: RootHubID, _ feature: UInt16) -> Int {
    switch feature {
    case PortFeature.suspend where half.isSuper:
      return Errno.EPIPE.negated
    case PortFeature.suspend:
      if self[half].portStatus & PortStatus.suspend != 0 {
        self[half].resuming = true
        self[half].reTimeout = now &+ 20_000
      }
    case PortFeature.power:
      self[half].portStatus &= ~(half.isSuper ? PortStatus.superPower : PortStatus.power)
      setLinkState(half)
    case PortFeature.changedConnection, PortFeature.changedReset,
      PortFeature.enable where !half.isSuper, PortFeature.changedEnable where !half.isSuper,
      PortFeature.changedSuspend where !half.isSuper:
      self[half].portStatus &= ~(1 << UInt32(feature))
      setLinkState(half)
    default: return Errno.EPIPE.negated
    }
    return 0
  }

  private mutating func setPort(_ half: RootHubID, _ feature: UInt16) -> Int {
    switch feature {
    case PortFeature.suspend where !half.isSuper:
      if self[half].active {
        self[half].portStatus |= PortStatus.suspend
        setLinkState(half)
      }
    case PortFeature.power:
      self[half].portStatus |= half.isSuper ? PortStatus.superPower : PortStatus.power
      setLinkState(half)
    case PortFeature.warmReset where !half.isSuper: return Errno.EPIPE.negated
    case PortFeature.reset, PortFeature.warmReset:
      guard self[half].portStatus & PortStatus.connection != 0 else { break }
      if half.isSuper {
        self[half].portStatus =
          PortStatus.superPower | PortStatus.connection | PortStatus.reset
      } else {
        self[half].portStatus &=
          ~(PortStatus.enable | PortStatus.lowSpeed | PortStatus.highSpeed)
        self[half].portStatus |= PortStatus.reset
      }
      controllers[half.controller].deviceStatus &= 1
      self[half].reTimeout = now &+ 50_000
      setLinkState(half)
    default: return Errno.EPIPE.negated
    }
    return 0
  }

  /// `dummy_hub_status()`: the signalling of a wakeup is over.
  package mutating func finishWakeup(_ half: RootHubID) {
    if self[half].resuming, now >= self[half].reTimeout {
      self[half].portStatus |= PortStatus.changedSuspend
      self[half].portStatus &= ~PortStatus.suspend
      setLinkState(half)
    }
    pollRootHub(half)
  }
}
