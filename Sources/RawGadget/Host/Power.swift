extension UsbDevice {
  /// True when nothing keeps it awake and its settings let it sleep.
  var maySuspend: Bool {
    controlAuto && usage == 0 && autosuspendDelay >= 0 && !isSuspended && isRegistered
  }
}

extension GadgetWorld {
  /// Lets an unused device go to sleep after its delay, when it may (`pm_runtime_autosuspend()`).
  mutating func armAutosuspend(_ id: Int) {
    guard let device = host.devices[id], device.maySuspend else { return }
    let token = nextToken()
    host.devices[id]?.autosuspendToken = token
    timers.arm(
      .autosuspend(device: id, token: token),
      at: now &+ max(1, Microseconds(device.autosuspendDelay) &* 1000))
  }

  mutating func autosuspendTimer(_ id: Int, token: UInt64) {
    guard let device = host.devices[id], device.autosuspendToken == token, device.maySuspend
    else { return }
    startTask(.worker, .suspendDevice(SuspendDevice(device: id)))
  }
}

/// `usb_port_suspend()`.
struct SuspendDevice: SteppingFrame {
  private enum Stage: Equatable, Sendable {
    case start
    case wakeupEnabled
    case suspended
  }

  var device: Int
  private var stage = Stage.start

  init(device: Int) { self.device = device }

  mutating func step(
    _ world: inout GadgetWorld, task: Int, _ input: FrameInput
  ) -> FrameStep {
    guard let target = world.host.devices[device], target.state != .notAttached else {
      return .done(Errno.ENODEV.negated)
    }
    switch stage {
    case .start:
      let hasHID = target.drivers.values.contains {
        if case .usbhid = $0 { true } else { false }
      }
      let wakes = target.activeConfiguration.map { $0.attributes & 0x20 != 0 } ?? false
      // An open input device has to be able to wake the host.
      if hasHID, !wakes { return .done(Errno.EBUSY.negated) }
      world.flush(device: device, .ENOENT) { $0.endpoint & 0x7f != 0 }
      guard hasHID else { return suspend(&world, target) }
      stage = .wakeupEnabled
      return .call(
        .controlMessage(
          ControlMessage(
            device: device, setup: SetupPacket(0, 3, value: 1, index: 0, length: 0))))
    case .wakeupEnabled:
      return suspend(&world, target)
    case .suspended:
      world.host.devices[device]?.isSuspended = true
      world.suspendIdleHub(target.half)
      return .done(0)
    }
  }

  private mutating func suspend(
    _ world: inout GadgetWorld, _ target: UsbDevice
  ) -> FrameStep {
    stage = .suspended
    world.setPortFeature(target.half, PortFeature.suspend)
    return .sleep(milliseconds: 10)
  }
}

/// `usb_autoresume_device()` with `usb_port_resume()`: nothing to do for a device that is awake.
struct ResumeDevice: SteppingFrame {
  private enum Stage: Equatable, Sendable {
    case start
    case signalled
    case recovered
    case asked
  }

  var device: Int
  private var stage = Stage.start

  init(device: Int) { self.device = device }

  mutating func step(
    _ world: inout GadgetWorld, task: Int, _ input: FrameInput
  ) -> FrameStep {
    guard let target = world.host.devices[device] else { return .done(Errno.ENODEV.negated) }
    let half = target.half
    switch stage {
    case .start:
      guard target.isSuspended else { return .done(0) }
      world.host.devices[device]?.isResuming = true
      world.lockPort(half, true)
      if world.host.hubs[half]?.isSuspended == true { world.wakeHub(half) }
      _ = world.portStatus(half)
      world.clearPortFeature(half, PortFeature.suspend)
      stage = .signalled
      return .sleep(milliseconds: 40)
    case .signalled:
      let status = world.portStatus(half)
      if status & PortStatus.changedSuspend != 0 {
        world.clearPortFeature(half, PortFeature.changedSuspend)
      }
      stage = .recovered
      return .sleep(milliseconds: 10)
    case .recovered:
      world.host.devices[device]?.isSuspended = false
      world.host.devices[device]?.isResuming = false
      stage = .asked
      return .call(
        .controlMessage(
          ControlMessage(
            device: device, setup: SetupPacket(0x80, 0, value: 0, index: 0, length: 2))))
    case .asked:
      world.lockPort(half, false)
      for number in target.drivers.keys.sorted() { world.pollHID(device, number) }
      return .done(0)
    }
  }
}

extension GadgetWorld {
  /// Resumes a root hub whose device is to be resumed.
  mutating func wakeHub(_ half: HostRef) {
    host.hubs[half]?.isSuspended = false
    self[half].suspended = false
    setLinkState(half)
    _ = portStatus(half)
    submitStatusURB(half)
  }
}
