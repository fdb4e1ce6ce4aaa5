import USB

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
      let isBusy = target.drivers.values.contains {
        if case .usbhid(let hid) = $0 { hid.leds != 0 || !hid.keysDown.isEmpty } else { false }
      }
      // An open input device has to be able to wake the host, and neither shines nor is pressed.
      if hasHID, !wakes || isBusy { return .done(Errno.EBUSY.negated) }
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
    case askedInterface
    case disabled
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
      let status = world.portStatus(half)
      // A port that is awake, as one of USB 3 or after a remote wakeup, needs no signalling.
      guard status & PortStatus.suspend != 0, !half.isSuper else {
        return signalled(&world, half, status)
      }
      world.clearPortFeature(half, PortFeature.suspend)
      stage = .signalled
      return .sleep(milliseconds: 40)
    case .signalled:
      return signalled(&world, half, world.portStatus(half))
    case .recovered:
      world.host.devices[device]?.isSuspended = false
      world.host.devices[device]?.isResuming = false
      stage = .asked
      return getStatus(0x80)
    case .asked:
      return asked(&world, input, target)
    case .askedInterface, .disabled:
      return finish(&world, target)
    }
  }

  private mutating func signalled(
    _ world: inout GadgetWorld, _ half: HostRef, _ status: UInt32
  ) -> FrameStep {
    if status & PortStatus.changedSuspend != 0, !half.isSuper {
      world.clearPortFeature(half, PortFeature.changedSuspend)
    }
    stage = .recovered
    return .sleep(milliseconds: 10)
  }

  private func getStatus(_ type: UInt8) -> FrameStep {
    .call(
      .controlMessage(
        ControlMessage(
          device: device, setup: SetupPacket(type, 0, value: 0, index: 0, length: 2))))
  }

  /// What the device may wake the host with is switched off again.
  private mutating func asked(
    _ world: inout GadgetWorld, _ input: FrameInput, _ target: UsbDevice
  ) -> FrameStep {
    guard case .value(let value) = input, value.ret == 2, target.active != nil else {
      return finish(&world, target)
    }
    if target.speed >= .super {
      stage = .askedInterface
      return getStatus(0x81)
    }
    guard value.data[0] & 2 != 0 else { return finish(&world, target) }
    stage = .disabled
    return .call(
      .controlMessage(
        ControlMessage(
          device: device, setup: SetupPacket(0, 1, value: 1, index: 0, length: 0))))
  }

  private func finish(_ world: inout GadgetWorld, _ target: UsbDevice) -> FrameStep {
    world.lockPort(target.half, false)
    for number in target.drivers.keys.sorted() { world.pollHID(device, number) }
    return .done(0)
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
