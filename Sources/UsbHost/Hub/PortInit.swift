import USB

/// `hub_port_init()`: reset, address and first descriptors of a new or a reset device.
struct PortInit: HostRoutine {
  private enum Stage: Equatable, Sendable {
    case firstReset
    case newSchemeRead
    case newSchemeReset(maxPacket: Int)
    case setAddress(operation: Int)
    case addressRetry(operation: Int)
    case settle
    case oldSchemeRead
    case isochDelay(maxPacket: Int)
    case retryPause
    case deviceDescriptor
    case bos
    case warmReset
  }

  var device: Int
  var retry: Int
  /// False for the reset of a device already known.
  var initial: Bool
  private var stage = Stage.firstReset
  private var retries = 0
  private var oldSpeed = UsbSpeed.unknown
  private var maxPacket = 0
  private var result = 0
  private var descriptor: [UInt8] = []

  init(device: Int, retry: Int, initial: Bool) {
    self.device = device
    self.retry = retry
    self.initial = initial
  }

  private func usesNewScheme(_ side: some HostSide) -> Bool {
    guard let speed = side.host.devices[device]?.speed, speed < .super else { return false }
    return retry < 2
  }

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    guard let target = side.host.devices[device] else { return .done(Errno.ENODEV.negated) }
    var value = HostValue(ret: 0)
    if case .value(let returned) = input { value = returned }
    switch stage {
    case .firstReset:
      if case .start = input {
        oldSpeed = initial ? .unknown : target.speed
        if target.half.isSuper { oldSpeed = .super }
        return reset(target, oldSpeed == .low ? 200 : 60)
      }
      return afterFirstReset(&side, value.ret)
    case .newSchemeRead:
      if value.ret > 0, !initial, value.ret != Int(target.descriptor[7]) {
        side.deviceLog(device, "device reset changed ep0 maxpacket size!")
        return fail(&side, Errno.ENODEV.negated)
      }
      stage = .newSchemeReset(maxPacket: value.ret)
      return reset(target, oldSpeed == .low ? 200 : 60)
    case .newSchemeReset(let maxPacket):
      return afterSecondReset(&side, value.ret, maxPacket)
    case .setAddress(let operation):
      return afterSetAddress(&side, value.ret, operation)
    case .addressRetry(let operation):
      return setAddress(&side, operation)
    case .settle:
      if usesNewScheme(side) { return checkMaxPacket(&side) }
      stage = .oldSchemeRead
      return .call(GetMaxPacket(device: device, size: 8, first: retries == 0))
    case .oldSchemeRead:
      return afterOldSchemeRead(&side, value.ret)
    case .isochDelay:
      return checkMaxPacket(&side)
    case .retryPause:
      return attempt(&side)
    case .deviceDescriptor:
      return afterDeviceDescriptor(&side, value)
    case .bos:
      return end(&side)
    case .warmReset:
      return fail(&side, Errno.EINVAL.negated)
    }
  }

  private func reset(_ target: UsbDevice, _ delay: Int) -> RoutineStep {
    .call(PortReset(half: target.half, device: device, delay: delay))
  }

  private mutating func afterFirstReset(_ side: inout some HostSide, _ ret: Int) -> RoutineStep {
    guard ret >= 0, let target = side.host.devices[device] else { return fail(&side, ret) }
    if oldSpeed != .unknown, oldSpeed != target.speed {
      return fail(&side, Errno.ENODEV.negated)
    }
    oldSpeed = target.speed
    if initial {
      let size: Int =
        switch target.speed {
        case .super, .superPlus: 512
        case .low: 8
        default: 64
        }
      side.host.devices[device]?.ep0MaxPacket = size
    }
    if target.speed < .super {
      let verb = initial ? "new" : "reset"
      side.deviceLog(
        device,
        "\(verb) \(target.speed.name) USB device number \(target.devnum) using dummy_hcd")
    }
    return attempt(&side)
  }

  /// The head of the loop over `retries`.
  private mutating func attempt(_ side: inout some HostSide) -> RoutineStep {
    guard retries < 2 else { return fail(&side, result) }
    if usesNewScheme(side) {
      side.host.devices[device]?.state = .default
      stage = .newSchemeRead
      return .call(GetMaxPacket(device: device, size: 64, first: retries == 0))
    }
    return setAddress(&side, 0)
  }

  private mutating func again(_ ret: Int) -> RoutineStep {
    result = ret
    retries += 1
    stage = .retryPause
    return .sleep(milliseconds: 100)
  }

  private mutating func afterSecondReset(
    _ side: inout some HostSide, _ ret: Int, _ maxPacket: Int
  ) -> RoutineStep {
    guard ret >= 0 else { return fail(&side, ret) }
    guard side.host.devices[device]?.speed == oldSpeed else {
      return fail(&side, Errno.ENODEV.negated)
    }
    if maxPacket < 0 {
      if maxPacket != Errno.ENODEV.negated {
        side.deviceLog(device, "device descriptor read/64, error \(maxPacket)")
      }
      return again(maxPacket)
    }
    self.maxPacket = maxPacket
    return setAddress(&side, 0)
  }

  private mutating func setAddress(_ side: inout some HostSide, _ operation: Int) -> RoutineStep {
    guard let target = side.host.devices[device] else { return .done(Errno.ENODEV.negated) }
    stage = .setAddress(operation: operation)
    if target.state == .address { return afterSetAddress(&side, 0, operation) }
    return .call(
      ControlMessage(
        device: device,
        setup: SetupPacket(
          0, 5, value: UInt16(clamping: target.devnum), index: 0, length: 0),
        addressZero: true))
  }

  private mutating func afterSetAddress(
    _ side: inout some HostSide, _ ret: Int, _ operation: Int
  ) -> RoutineStep {
    guard ret >= 0 else {
      if operation == 0 {
        stage = .addressRetry(operation: 1)
        return .sleep(milliseconds: 200)
      }
      if ret != Errno.ENODEV.negated {
        let number = side.host.devices[device]?.devnum ?? 0
        side.deviceLog(device, "device not accepting address \(number), error \(ret)")
      }
      return fail(&side, ret)
    }
    side.host.devices[device]?.state = .address
    if let target = side.host.devices[device], target.speed >= .super {
      side.deviceLog(
        device,
        "\(initial ? "new" : "reset") SuperSpeed USB device number \(target.devnum) using dummy_hcd"
      )
    }
    stage = .settle
    return .sleep(milliseconds: 10)
  }

  private mutating func afterOldSchemeRead(_ side: inout some HostSide, _ ret: Int) -> RoutineStep {
    guard ret >= 0, let target = side.host.devices[device] else {
      if ret != Errno.ENODEV.negated {
        side.deviceLog(device, "device descriptor read/8, error \(ret)")
      }
      return again(ret)
    }
    maxPacket = ret
    if !initial, ret != Int(target.descriptor[7]) {
      side.deviceLog(device, "device reset changed ep0 maxpacket size!")
      return fail(&side, Errno.ENODEV.negated)
    }
    guard target.speed >= .super else { return checkMaxPacket(&side) }
    stage = .isochDelay(maxPacket: ret)
    return .call(
      ControlMessage(
        device: device, setup: SetupPacket(0, 0x31, value: 40, index: 0, length: 0)))
  }

  private mutating func checkMaxPacket(_ side: inout some HostSide) -> RoutineStep {
    guard let target = side.host.devices[device] else { return .done(Errno.ENODEV.negated) }
    var size = maxPacket
    if target.speed >= .super { size = maxPacket <= 16 ? 1 << maxPacket : 0 }
    if target.ep0MaxPacket != size {
      let sizes = [8, 16, 32, 64]
      let corrected =
        target.speed == .full || target.speed == .high
        ? sizes.contains(size) : target.speed >= .super && size > 0
      guard corrected else {
        side.deviceLog(device, "Invalid ep0 maxpacket: \(maxPacket)")
        return fail(&side, Errno.EMSGSIZE.negated)
      }
      if target.speed != .full { side.deviceLog(device, "Using ep0 maxpacket: \(size)") }
      side.host.devices[device]?.ep0MaxPacket = size
    }
    stage = .deviceDescriptor
    return .call(GetDescriptor(device: device, type: 1, size: 18))
  }

  private mutating func afterDeviceDescriptor(
    _ side: inout some HostSide, _ value: HostValue
  ) -> RoutineStep {
    var ret = value.ret
    if ret >= 0, ret != 18 { ret = Errno.EMSGSIZE.negated }
    guard ret == 18, let target = side.host.devices[device] else {
      if ret != Errno.ENODEV.negated {
        side.deviceLog(device, "device descriptor read/all, error \(ret)")
      }
      return fail(&side, ret)
    }
    descriptor = value.data
    if initial { side.host.devices[device]?.descriptor = value.data }
    let bcd = UInt16(low: value.data[2], high: value.data[3])
    if target.speed >= .super, bcd < 0x0300 {
      side.deviceLog(device, "got a wrong device descriptor, warm reset device")
      stage = .warmReset
      return .call(
        PortReset(half: target.half, device: device, delay: 50, warm: true))
    }
    side.host.devices[device]?.newBOS = nil
    guard bcd >= 0x0201 else { return end(&side) }
    stage = .bos
    return .call(GetBOS(device: device))
  }

  private func end(_ side: inout some HostSide) -> RoutineStep {
    let bos = side.host.devices[device]?.newBOS
    if initial { side.host.devices[device]?.bos = bos }
    return .done(HostValue(ret: 0, data: descriptor))
  }

  private func fail(_ side: inout some HostSide, _ ret: Int) -> RoutineStep {
    if let half = side.host.devices[device]?.half { side.disablePort(half) }
    return .done(ret)
  }
}
