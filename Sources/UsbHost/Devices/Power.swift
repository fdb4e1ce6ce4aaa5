import USB

extension UsbDevice {
  /// True when nothing keeps it awake and its settings let it sleep.
  var maySuspend: Bool {
    controlAuto && usage == 0 && autosuspendDelay >= 0 && !isSuspended && isRegistered
  }
}

extension HostSide {
  /// Lets an unused device go to sleep after its delay, when it may (`pm_runtime_autosuspend()`).
  mutating func armAutosuspend(_ id: Int) {
    guard let device = host.devices[id], device.maySuspend else { return }
    let token = nextToken()
    host.devices[id]?.autosuspendToken = token
    armAutosuspend(
      device: id, token: token,
      at: now &+ max(1, Microseconds(device.autosuspendDelay) &* 1000))
  }

  /// The delay of an unused device is over.
  package mutating func autosuspendTimer(_ id: Int, token: UInt64) {
    guard let device = host.devices[id], device.autosuspendToken == token, device.maySuspend
    else { return }
    startTask(.worker, SuspendDevice(device: id))
  }
}

/// `usb_port_suspend()`.
struct SuspendDevice: HostRoutine {
  private enum Stage: Equatable, Sendable {
    case start
    case wakeupEnabled
    case suspended
  }

  var device: Int
  private var stage = Stage.start

  init(device: Int) { self.device = device }

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    guard let target = side.host.devices[device], target.state != .notAttached else {
      return .done(Errno.ENODEV.negated)
    }
    switch stage {
    case .start:
      let needsWakeup = target.drivers.values.contains { $0.driver.needsRemoteWakeup }
      let wakes = target.activeConfiguration.map { $0.attributes & 0x20 != 0 } ?? false
      let isBusy = target.drivers.values.contains { $0.driver.isBusy }
      if isBusy || needsWakeup && !wakes { return .done(Errno.EBUSY.negated) }
      side.flush(device: device, .ENOENT) { $0.endpoint & 0x7f != 0 }
      guard needsWakeup else { return suspend(&side, target) }
      stage = .wakeupEnabled
      return .call(
        ControlMessage(
          device: device, setup: SetupPacket(0, 3, value: 1, index: 0, length: 0)))
    case .wakeupEnabled:
      return suspend(&side, target)
    case .suspended:
      side.host.devices[device]?.isSuspended = true
      side.suspendIdleHub(target.half)
      return .done(0)
    }
  }

  private mutating func suspend(
    _ side: inout some HostSide, _ target: UsbDevice
  ) -> RoutineStep {
    stage = .suspended
    side.setPortFeature(target.half, PortFeature.suspend)
    return .sleep(milliseconds: 10)
  }
}

/// `usb_autoresume_device()` with `usb_port_resume()`: nothing to do for a device that is awake.
struct ResumeDevice: HostRoutine {
  private enum Stage: Equatable, Sendable {
    case start
    case signalled
    case recovered
    case asked
    case askedInterface
    case disabled
  }

  var device: Int
  private var stage = Stage.start

  init(device: Int) { self.device = device }

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    guard let target = side.host.devices[device] else { return .done(Errno.ENODEV.negated) }
    let half = target.half
    switch stage {
    case .start:
      guard target.isSuspended else { return .done(0) }
      side.host.devices[device]?.isResuming = true
      side.lockPort(half, true)
      if side.host.hubs[half]?.isSuspended == true { side.wakeHub(half) }
      let status = side.portStatus(half)
      // A port that is awake, as one of USB 3 or after a remote wakeup, needs no signalling.
      guard status & PortStatus.suspend != 0, !half.isSuper else {
        return signalled(&side, half, status)
      }
      side.clearPortFeature(half, PortFeature.suspend)
      stage = .signalled
      return .sleep(milliseconds: 40)
    case .signalled:
      return signalled(&side, half, side.portStatus(half))
    case .recovered:
      side.host.devices[device]?.isSuspended = false
      side.host.devices[device]?.isResuming = false
      stage = .asked
      return getStatus(0x80)
    case .asked:
      return asked(&side, input, target)
    case .askedInterface, .disabled:
      return finish(&side, target)
    }
  }

  private mutating func signalled(
    _ side: inout some HostSide, _ half: RootHubID, _ status: UInt32
  ) -> RoutineStep {
    if status & PortStatus.changedSuspend != 0, !half.isSuper {
      side.clearPortFeature(half, PortFeature.changedSuspend)
    }
    stage = .recovered
    return .sleep(milliseconds: 10)
  }

  private func getStatus(_ type: UInt8) -> RoutineStep {
    .call(
      ControlMessage(
        device: device, setup: SetupPacket(type, 0, value: 0, index: 0, length: 2)))
  }

  /// What the device may wake the host with is switched off again.
  private mutating func asked(
    _ side: inout some HostSide, _ input: RoutineInput, _ target: UsbDevice
  ) -> RoutineStep {
    guard case .value(let value) = input, value.ret == 2, target.active != nil else {
      return finish(&side, target)
    }
    if target.speed >= .super {
      stage = .askedInterface
      return getStatus(0x81)
    }
    guard value.data[0] & 2 != 0 else { return finish(&side, target) }
    stage = .disabled
    return .call(
      ControlMessage(
        device: device, setup: SetupPacket(0, 1, value: 1, index: 0, length: 0)))
  }

  private func finish(_ side: inout some HostSide, _ target: UsbDevice) -> RoutineStep {
    side.lockPort(target.half, false)
    for (number, bound) in target.drivers.sorted(by: { $0.key < $1.key }) {
      bound.driver.resumed(&side, device: device, interface: number)
    }
    return .done(0)
  }
}
