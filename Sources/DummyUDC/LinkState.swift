import USB

extension ControllerSide {
  /// `dummy_pullup()`: connects or disconnects the gadget electrically.
  mutating func pullUp(_ controller: Int, _ on: Bool) {
    controllers[controller].pullup = on
    let half = half(of: controller)
    setLinkState(half)
    pollRootHub(half)
  }

  /// `set_link_state()`: brings the port in line with power and pull-up and tells the driver.
  mutating func setLinkState(_ half: RootHubID) {
    let controller = controllers[half.controller]
    var port = self[half]
    port.active = false
    let otherHalf = half.isSuper != (controller.speed == .super)
    guard !(controller.pullup && otherHalf) else {
      self[half] = port
      return
    }
    linkStateBySpeed(&port, half, pullup: controller.pullup)
    let powerBit = half.isSuper ? PortStatus.superPower : PortStatus.power
    if port.portStatus & PortStatus.enable == 0 || port.active { port.resuming = false }
    self[half] = port
    if port.portStatus & powerBit == 0 || port.portStatus & PortStatus.reset != 0 {
      let disconnect = powerBit & port.oldStatus & ~port.portStatus != 0
      let reset = PortStatus.reset & ~port.oldStatus & port.portStatus != 0
      if controller.interruptsEnabled, disconnect || reset {
        stopActivity(half.controller)
        if let driver = controller.driver {
          if reset { controllers[half.controller].state = .default }
          driverEvent(driver, reset ? .reset : .disconnect)
        }
      }
    } else if port.active != port.oldActive, controller.interruptsEnabled,
      let driver = controller.driver
    {
      driverEvent(driver, port.oldActive ? .suspend : .resume)
    }
    if port.oldStatus != self[half].portStatus {
      note(.portStatus(half, self[half].portStatus))
    }
    self[half].oldStatus = self[half].portStatus
    self[half].oldActive = self[half].active
  }

  /// `set_link_state_by_speed()`.
  private func linkStateBySpeed(_ port: inout DummyHost, _ half: RootHubID, pullup: Bool) {
    let powerBit = half.isSuper ? PortStatus.superPower : PortStatus.power
    if port.portStatus & powerBit == 0 {
      port.portStatus = 0
    } else if !pullup {
      var gone = PortStatus.connection | PortStatus.enable
      if !half.isSuper {
        gone |= PortStatus.lowSpeed | PortStatus.highSpeed | PortStatus.suspend
      }
      port.portStatus &= ~gone
      if port.oldStatus & PortStatus.connection != 0 {
        port.portStatus |= PortStatus.changedConnection
      }
    } else {
      port.portStatus |= PortStatus.connection
      if port.oldStatus & PortStatus.connection == 0 {
        port.portStatus |= PortStatus.changedConnection
      }
      let enabled = port.portStatus & PortStatus.enable != 0
      if half.isSuper {
        port.active =
          enabled && port.portStatus & PortStatus.linkState == 0 && !port.suspended
      } else if !enabled {
        port.portStatus &= ~PortStatus.suspend
      } else {
        port.active = port.portStatus & PortStatus.suspend == 0 && !port.suspended
      }
    }
  }

  /// `is_active()`: the port is connected, enabled and awake.
  func isActive(_ half: RootHubID) -> Bool {
    let status = self[half].portStatus
    let mask = PortStatus.connection | PortStatus.enable | PortStatus.suspend
    // The suspend bit of USB 2 is part of no link state of USB 3 in use here.
    return status & mask == PortStatus.connection | PortStatus.enable
  }

  /// Gives all ports of a controller power, as the hub driver does when it starts.
  package mutating func powerPorts(controller: Int) {
    controllers[controller].high.portStatus = PortStatus.power
    controllers[controller].high.oldStatus = PortStatus.power
    controllers[controller].high.suspended = true
    controllers[controller].super?.portStatus = PortStatus.superPower
    controllers[controller].super?.oldStatus = PortStatus.superPower
    controllers[controller].super?.suspended = true
  }
}
