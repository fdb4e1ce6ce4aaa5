import USB

/// `usb_reset_device()` with `usb_reset_and_verify_device()`.
struct ResetDevice: HostRoutine {
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
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    guard let target = side.host.devices[device], target.state != .notAttached else {
      unlock(&side)
      return .done(Errno.ENODEV.negated)
    }
    var value = HostValue(ret: 0)
    if case .value(let returned) = input { value = returned }
    switch stage {
    case .start:
      return start(&side, target)
    case .unbound:
      return beginReset(&side, target)
    case .initialized(let attempt):
      return initialized(&side, target, value, attempt)
    case .compared:
      guard value.ret == 0 else {
        side.deviceLog(device, "device firmware changed")
        return enumerateAgain(&side)
      }
      return configure(&side, target)
    case .configured:
      guard value.ret >= 0 else {
        let number = target.activeConfiguration?.value ?? 0
        side.deviceLog(
          device, "can't restore configuration #\(number) (error=\(value.ret))")
        return enumerateAgain(&side)
      }
      side.host.devices[device]?.state = .configured
      return restore(&side, next: 0)
    case .restoring(let next):
      guard value.ret >= 0 else { return cannotRestore(&side, target, next - 1, value.ret) }
      return restore(&side, next: next)
    case .restarting:
      return restarted(&side, value.ret)
    case .rebinding:
      return rebind(&side)
    }
  }

  private mutating func start(_ side: inout some HostSide, _ target: UsbDevice) -> RoutineStep {
    if target.isSuspended { return .done(Errno.EINVAL.negated) }
    side.host.devices[device]?.usage += 1
    var unbound: [Int] = []
    for (number, bound) in target.drivers.sorted(by: { $0.key < $1.key }) {
      if bound.driver.staysThroughReset { kept.append(number) } else { unbound.append(number) }
    }
    rebound = unbound.reversed()
    // A driver that cannot be told of a reset is unbound.
    stage = .unbound
    return .call(UnbindInterfaces(device: device, interfaces: unbound))
  }

  private mutating func beginReset(
    _ side: inout some HostSide, _ target: UsbDevice
  ) -> RoutineStep {
    side.flush(device: device, .ENOENT) { $0.endpoint & 0x7f != 0 }
    side.lockPort(target.half, true)
    return initialize(attempt: 0)
  }

  private mutating func initialize(attempt: Int) -> RoutineStep {
    stage = .initialized(attempt: attempt)
    return .call(PortInit(device: device, retry: attempt, initial: false))
  }

  private mutating func initialized(
    _ side: inout some HostSide, _ target: UsbDevice, _ value: HostValue, _ attempt: Int
  ) -> RoutineStep {
    if value.ret < 0 {
      let final = [Errno.ENOTCONN.negated, Errno.ENODEV.negated].contains(value.ret)
      if final || attempt == 3 { return enumerateAgain(&side) }
      return initialize(attempt: attempt + 1)
    }
    let before = target.bos
    side.host.devices[device]?.bos = target.newBOS
    guard value.data == target.descriptor, before == target.newBOS else {
      side.deviceLog(device, "device firmware changed")
      return enumerateAgain(&side)
    }
    stage = .compared
    return .call(CheckChanged(device: device))
  }

  private mutating func configure(
    _ side: inout some HostSide, _ target: UsbDevice
  ) -> RoutineStep {
    guard let configuration = target.activeConfiguration else { return finish(&side, 0) }
    stage = .configured
    return .call(
      ControlMessage(
        device: device,
        setup: SetupPacket(
          0, 9, value: UInt16(configuration.value), index: 0, length: 0)))
  }

  private mutating func restore(_ side: inout some HostSide, next: Int) -> RoutineStep {
    guard let target = side.host.devices[device] else { return .done(Errno.ENODEV.negated) }
    let numbers = target.interfaceNumbers
    var index = next
    while index < numbers.count {
      if let alternate = target.alternates[numbers[index]], alternate != 0 {
        stage = .restoring(next: index + 1)
        return .call(
          SetInterface(device: device, interface: numbers[index], alternate: alternate))
      }
      index += 1
    }
    return restart(&side)
  }

  private func cannotRestore(
    _ side: inout some HostSide, _ target: UsbDevice, _ index: Int, _ ret: Int
  ) -> RoutineStep {
    let numbers = target.interfaceNumbers
    if numbers.indices.contains(index) {
      side.deviceLog(
        device,
        "failed to restore interface \(numbers[index]) altsetting "
          + "\(target.alternates[numbers[index]] ?? 0) (error=\(ret))")
    }
    return enumerateAgain(&side)
  }

  /// Tells the drivers that stayed that the reset is over, the last interface first.
  private mutating func restart(_ side: inout some HostSide) -> RoutineStep {
    while let number = kept.last {
      let bound = side.host.devices[device]?.drivers[number]
      if let routine = bound?.driver.afterReset(device: device, interface: number) {
        stage = .restarting
        return .call(routine)
      }
      kept.removeLast()
    }
    return rebind(&side)
  }

  /// A driver that cannot go on with the device is taken off and looked for again.
  private mutating func restarted(_ side: inout some HostSide, _ ret: Int) -> RoutineStep {
    if let number = kept.popLast(), ret != 0 {
      side.unbindInterface(device, number)
      rebound = (rebound + [number]).sorted(by: >)
    }
    return restart(&side)
  }

  private mutating func rebind(_ side: inout some HostSide) -> RoutineStep {
    stage = .rebinding
    while let number = rebound.popLast() {
      if let step = side.probe(device, interface: number) { return step }
    }
    return finish(&side, 0)
  }

  private func finish(_ side: inout some HostSide, _ ret: Int) -> RoutineStep {
    side.host.devices[device]?.usage -= 1
    unlock(&side)
    side.armAutosuspend(device)
    return .done(ret)
  }

  private func unlock(_ side: inout some HostSide) {
    if let half = side.host.devices[device]?.half { side.lockPort(half, false) }
  }

  /// `hub_port_logical_disconnect()`: the hub driver takes the device for a new one.
  private func enumerateAgain(_ side: inout some HostSide) -> RoutineStep {
    side.logicalDisconnect(device)
    unlock(&side)
    return .done(Errno.ENODEV.negated)
  }
}

/// `descriptors_changed()` behind the device descriptor: configurations and serial number.
struct CheckChanged: HostRoutine {
  var device: Int
  private var index = 0
  private var readsSerial = false

  init(device: Int) { self.device = device }

  /// Returns 0 when all is as before, 1 when something changed.
  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    guard let target = side.host.devices[device] else { return .done(Errno.ENODEV.negated) }
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
        GetDescriptor(
          device: device, type: 2, index: UInt8(clamping: index),
          size: target.configurations[index].raw.count))
    }
    guard target.serial != nil else { return .done(0) }
    readsSerial = true
    return .call(ReadString(device: device, index: target.descriptor[16]))
  }
}
