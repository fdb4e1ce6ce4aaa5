import USB

/// Features of a hub's port (USB 2.0 table 11-17, USB 3.2 table 10-9).
enum PortFeature {
  static let enable: UInt16 = 1
  static let suspend: UInt16 = 2
  static let reset: UInt16 = 4
  static let linkState: UInt16 = 5
  static let power: UInt16 = 8
  static let changedConnection: UInt16 = 16
  static let changedEnable: UInt16 = 17
  static let changedSuspend: UInt16 = 18
  static let changedReset: UInt16 = 20
  static let changedLinkState: UInt16 = 25
  static let remoteWake: UInt16 = 27
  static let warmReset: UInt16 = 28
  static let changedWarmReset: UInt16 = 29
}

extension GadgetWorld {
  /// Asks the root hub for its port's status and changes, as one 32-bit word.
  mutating func portStatus(_ half: HostRef) -> UInt32 {
    let bytes = rootHubControl(half, SetupPacket(0xa3, 0, value: 0, index: 1, length: 4)).data
    return UInt32(truncatingIfNeeded: littleEndianValue(bytes))
  }

  mutating func setPortFeature(_ half: HostRef, _ feature: UInt16, index: UInt16 = 1) {
    _ = rootHubControl(half, SetupPacket(0x23, 3, value: feature, index: index, length: 0))
  }

  mutating func clearPortFeature(_ half: HostRef, _ feature: UInt16) {
    _ = rootHubControl(half, SetupPacket(0x23, 1, value: feature, index: 1, length: 0))
  }

  /// A control transfer to the root hub, which is answered at once.
  private mutating func rootHubControl(_ half: HostRef, _ setup: SetupPacket) -> HostValue {
    let id = host.nextURB
    host.nextURB += 1
    var urb = URB(
      half: half, device: -1, address: 1, endpoint: setup.movesIn ? 0x80 : 0, type: .control,
      setup: setup, isIn: setup.movesIn, buffer: [], length: Int(setup.wLength),
      owner: .task(-1))
    monitor(id, urb, .submission, status: Errno.EINPROGRESS.negated)
    let (status, data) = hubControl(half, setup)
    urb.receive(data)
    if self[half].portStatus & PortStatus.anyChange != 0 { pollRootHub(half) }
    monitor(id, urb, .completion, status: status)
    return HostValue(ret: status < 0 ? status : data.count, data: data)
  }

  /// `dummy_hub_control()` and `ss_hub` requests of it.
  private mutating func hubControl(
    _ half: HostRef, _ setup: SetupPacket
  ) -> (Int, [UInt8]) {
    switch (setup.bmRequestType, setup.bRequest) {
    case (0xa3, 0): return (0, getPortStatus(half))
    case (0x23, 1): return (clearFeature(half, setup.wValue), [])
    case (0x23, 3): return (setFeature(half, setup.wValue), [])
    default: return (Errno.EPIPE.negated, [])
    }
  }

  private mutating func getPortStatus(_ half: HostRef) -> [UInt8] {
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

  private mutating func clearFeature(_ half: HostRef, _ feature: UInt16) -> Int {
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

  private mutating func setFeature(_ half: HostRef, _ feature: UInt16) -> Int {
    switch feature {
    case PortFeature.suspend where !half.isSuper:
      if self[half].active {
        self[half].portStatus |= PortStatus.suspend
        setLinkState(half)
      }
    case PortFeature.linkState where half.isSuper: break
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
  mutating func finishWakeup(_ half: HostRef) {
    if self[half].resuming, now >= self[half].reTimeout {
      self[half].portStatus |= PortStatus.changedSuspend
      self[half].portStatus &= ~PortStatus.suspend
      setLinkState(half)
    }
    pollRootHub(half)
  }

  /// `usb_hcd_poll_rh_status()`: reports a change on the port to the hub driver.
  mutating func pollRootHub(_ half: HostRef) {
    guard self[half].portStatus & PortStatus.anyChange != 0, let hub = host.hubs[half] else {
      return
    }
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

  /// Queues the hub's status URB; the hub of USB 3 announces smaller packets.
  mutating func submitStatusURB(_ half: HostRef) {
    host.hubs[half]?.statusQueued = true
    monitorStatusURB(
      half, .submission, status: Errno.EINPROGRESS.negated, length: half.isSuper ? 2 : 4)
  }

  /// Notes the hub's status URB in the monitor.
  mutating func monitorStatusURB(
    _ half: HostRef, _ event: UsbTransfer.Event, status: Int, length: Int
  ) {
    let urb = URB(
      half: half, device: -1, address: 1, endpoint: 0x81, type: .interrupt, isIn: true,
      buffer: length == 1 ? [2] : [], length: length, actual: length, interval: 2048,
      owner: .task(-1))
    monitor(-1 - (host.hubs[half]?.bus ?? 0), urb, event, status: status)
  }
}
