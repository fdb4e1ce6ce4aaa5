import USB

/// `usb_reset_device()` with `usb_reset_and_verify_device()`.
struct ResetDevice: SteppingFrame {
  private enum Stage: Equatable, Sendable {
    case start
    case unbound
    case initialized(attempt: Int)
    case compared
    case configured
    case restoring(next: Int)
    case restarting
    case rebinding
  }

  var device: Int
  private var stage = Stage.start
  /// Interfaces without a driver that are looked for one after the reset, the next one last.
  private var rebound: [Int] = []
  /// Interfaces whose driver stays, the next one to be told of the reset last.
  private var kept: [Int] = []

  init(device: Int) { self.device = device }

  mutating func step(
    _ world: inout GadgetWorld, task: Int, _ input: FrameInput
  ) -> FrameStep {
    guard let target = world.host.devices[device], target.state != .notAttached else {
      unlock(&world)
      return .done(Errno.ENODEV.negated)
    }
    var value = HostValue(ret: 0)
    if case .value(let returned) = input { value = returned }
    switch stage {
    case .start:
      return start(&world, target)
    case .unbound:
      return beginReset(&world, target)
    case .initialized(let attempt):
      return initialized(&world, target, value, attempt)
    case .compared:
      guard value.ret == 0 else {
        world.deviceLog(device, "device firmware changed")
        return enumerateAgain(&world)
      }
      return configure(&world, target)
    case .configured:
      guard value.ret >= 0 else {
        let number = target.activeConfiguration?.value ?? 0
        world.deviceLog(
          device, "can't restore configuration #\(number) (error=\(value.ret))")
        return enumerateAgain(&world)
      }
      world.host.devices[device]?.state = .configured
      return restore(&world, next: 0)
    case .restoring(let next):
      guard value.ret >= 0 else { return cannotRestore(&world, target, next - 1, value.ret) }
      return restore(&world, next: next)
    case .restarting:
      return restarted(&world, value.ret)
    case .rebinding:
      return rebind(&world)
    }
  }

  private mutating func start(_ world: inout GadgetWorld, _ target: UsbDevice) -> FrameStep {
    if target.isSuspended { return .done(Errno.EINVAL.negated) }
    world.host.devices[device]?.usage += 1
    var unbound: [Int] = []
    for number in target.drivers.keys.sorted() {
      switch target.drivers[number] {
      case .usbfs: unbound.append(number)
      case .usbhid: kept.append(number)
      case nil: break
      }
    }
    rebound = unbound.reversed()
    // A driver that cannot be told of a reset is unbound; usbhid only stops polling.
    stage = .unbound
    return .call(.unbindInterfaces(UnbindInterfaces(device: device, interfaces: unbound)))
  }

  private mutating func beginReset(
    _ world: inout GadgetWorld, _ target: UsbDevice
  ) -> FrameStep {
    world.flush(device: device, .ENOENT) { $0.endpoint & 0x7f != 0 }
    world.lockPort(target.half, true)
    return initialize(attempt: 0)
  }

  private mutating func initialize(attempt: Int) -> FrameStep {
    stage = .initialized(attempt: attempt)
    return .call(.portInit(PortInit(device: device, retry: attempt, initial: false)))
  }

  private mutating func initialized(
    _ world: inout GadgetWorld, _ target: UsbDevice, _ value: HostValue, _ attempt: Int
  ) -> FrameStep {
    if value.ret < 0 {
      let final = [Errno.ENOTCONN.negated, Errno.ENODEV.negated].contains(value.ret)
      if final || attempt == 3 { return enumerateAgain(&world) }
      return initialize(attempt: attempt + 1)
    }
    let before = target.bos
    world.host.devices[device]?.bos = target.newBOS
    guard value.data == target.descriptor, before == target.newBOS else {
      world.deviceLog(device, "device firmware changed")
      return enumerateAgain(&world)
    }
    stage = .compared
    return .call(.checkChanged(CheckChanged(device: device)))
  }

  private mutating func configure(
    _ world: inout GadgetWorld, _ target: UsbDevice
  ) -> FrameStep {
    guard let configuration = target.activeConfiguration else { return finish(&world, 0) }
    stage = .configured
    return .call(
      .controlMessage(
        ControlMessage(
          device: device,
          setup: SetupPacket(
            0, 9, value: UInt16(configuration.value), index: 0, length: 0))))
  }

  private mutating func restore(_ world: inout GadgetWorld, next: Int) -> FrameStep {
    guard let target = world.host.devices[device] else { return .done(Errno.ENODEV.negated) }
    let numbers = target.interfaceNumbers
    var index = next
    while index < numbers.count {
      if let alternate = target.alternates[numbers[index]], alternate != 0 {
        stage = .restoring(next: index + 1)
        return .call(
          .setInterface(
            SetInterface(device: device, interface: numbers[index], alternate: alternate)))
      }
      index += 1
    }
    return restart(&world)
  }

  private func cannotRestore(
    _ world: inout GadgetWorld, _ target: UsbDevice, _ index: Int, _ ret: Int
  ) -> FrameStep {
    let numbers = target.interfaceNumbers
    if numbers.indices.contains(index) {
      world.deviceLog(
        device,
        "failed to restore interface \(numbers[index]) altsetting "
          + "\(target.alternates[numbers[index]] ?? 0) (error=\(ret))")
    }
    return enumerateAgain(&world)
  }

  /// Tells the drivers that stayed that the reset is over, the last interface first.
  private mutating func restart(_ world: inout GadgetWorld) -> FrameStep {
    guard let number = kept.last else { return rebind(&world) }
    stage = .restarting
    return .call(.hidPostReset(HIDPostReset(device: device, interface: number)))
  }

  /// A driver that cannot go on with the device is taken off and looked for again.
  private mutating func restarted(_ world: inout GadgetWorld, _ ret: Int) -> FrameStep {
    if let number = kept.popLast(), ret != 0 {
      world.unbindInterface(device, number)
      rebound = (rebound + [number]).sorted(by: >)
    }
    return restart(&world)
  }

  private mutating func rebind(_ world: inout GadgetWorld) -> FrameStep {
    stage = .rebinding
    while let number = rebound.popLast() {
      if let step = world.probe(device, interface: number) { return step }
    }
    return finish(&world, 0)
  }

  private func finish(_ world: inout GadgetWorld, _ ret: Int) -> FrameStep {
    world.host.devices[device]?.usage -= 1
    unlock(&world)
    world.armAutosuspend(device)
    return .done(ret)
  }

  private func unlock(_ world: inout GadgetWorld) {
    if let half = world.host.devices[device]?.half { world.lockPort(half, false) }
  }

  /// `hub_port_logical_disconnect()`: the hub driver takes the device for a new one.
  private func enumerateAgain(_ world: inout GadgetWorld) -> FrameStep {
    world.logicalDisconnect(device)
    unlock(&world)
    return .done(Errno.ENODEV.negated)
  }
}

/// `descriptors_changed()` behind the device descriptor: configurations and serial number.
struct CheckChanged: SteppingFrame {
  var device: Int
  private var index = 0
  private var readsSerial = false

  init(device: Int) { self.device = device }

  /// Returns 0 when all is as before, 1 when something changed.
  mutating func step(
    _ world: inout GadgetWorld, task: Int, _ input: FrameInput
  ) -> FrameStep {
    guard let target = world.host.devices[device] else { return .done(Errno.ENODEV.negated) }
    if case .value(let value) = input {
      if readsSerial {
        let same = value.ret >= 0 && value.data == Array((target.serial ?? "").utf8)
        return .done(same ? 0 : 1)
      }
      let old = target.configurations[index].raw
      guard value.ret == old.count, value.data == old else { return .done(1) }
      index += 1
    }
    if index < target.configurations.count {
      return .call(
        .getDescriptor(
          GetDescriptor(
            device: device, type: 2, index: UInt8(clamping: index),
            size: target.configurations[index].raw.count)))
    }
    guard target.serial != nil else { return .done(0) }
    readsSerial = true
    return .call(.readString(ReadString(device: device, index: target.descriptor[16])))
  }
}

extension GadgetWorld {
  /// `hub_port_logical_disconnect()`.
  mutating func logicalDisconnect(_ id: Int) {
    guard let half = host.devices[id]?.half else { return }
    disablePort(half)
    host.devices[id]?.state = .notAttached
    host.hubs[half]?.changeBit = true
    kickHub(half)
  }
}
