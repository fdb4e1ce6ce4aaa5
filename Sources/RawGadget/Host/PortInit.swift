import USB

/// `hub_port_init()`: reset, address and first descriptors of a new or a reset device.
struct PortInit: SteppingFrame {
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

  private func usesNewScheme(_ world: GadgetWorld) -> Bool {
    guard let speed = world.host.devices[device]?.speed, speed < .super else { return false }
    return retry < 2
  }

  mutating func step(
    _ world: inout GadgetWorld, task: Int, _ input: FrameInput
  ) -> FrameStep {
    guard let target = world.host.devices[device] else { return .done(Errno.ENODEV.negated) }
    var value = HostValue(ret: 0)
    if case .value(let returned) = input { value = returned }
    switch stage {
    case .firstReset:
      if case .start = input {
        oldSpeed = initial ? .unknown : target.speed
        if target.half.isSuper { oldSpeed = .super }
        return reset(target, oldSpeed == .low ? 200 : 60)
      }
      return afterFirstReset(&world, value.ret)
    case .newSchemeRead:
      if value.ret > 0, !initial, value.ret != Int(target.descriptor[7]) {
        world.deviceLog(device, "device reset changed ep0 maxpacket size!")
        return fail(&world, Errno.ENODEV.negated)
      }
      stage = .newSchemeReset(maxPacket: value.ret)
      return reset(target, oldSpeed == .low ? 200 : 60)
    case .newSchemeReset(let maxPacket):
      return afterSecondReset(&world, value.ret, maxPacket)
    case .setAddress(let operation):
      return afterSetAddress(&world, value.ret, operation)
    case .addressRetry(let operation):
      return setAddress(&world, operation)
    case .settle:
      if usesNewScheme(world) { return checkMaxPacket(&world) }
      stage = .oldSchemeRead
      return .call(.getMaxPacket(GetMaxPacket(device: device, size: 8, first: retries == 0)))
    case .oldSchemeRead:
      return afterOldSchemeRead(&world, value.ret)
    case .isochDelay:
      return checkMaxPacket(&world)
    case .retryPause:
      return attempt(&world)
    case .deviceDescriptor:
      return afterDeviceDescriptor(&world, value)
    case .bos:
      return end(&world)
    case .warmReset:
      return fail(&world, Errno.EINVAL.negated)
    }
  }

  private func reset(_ target: UsbDevice, _ delay: Int) -> FrameStep {
    .call(.portReset(PortReset(half: target.half, device: device, delay: delay)))
  }

  private mutating func afterFirstReset(_ world: inout GadgetWorld, _ ret: Int) -> FrameStep {
    guard ret >= 0, let target = world.host.devices[device] else { return fail(&world, ret) }
    if oldSpeed != .unknown, oldSpeed != target.speed {
      return fail(&world, Errno.ENODEV.negated)
    }
    oldSpeed = target.speed
    if initial {
      let size: Int =
        switch target.speed {
        case .super, .superPlus: 512
        case .low: 8
        default: 64
        }
      world.host.devices[device]?.ep0MaxPacket = size
    }
    if target.speed < .super {
      let verb = initial ? "new" : "reset"
      world.deviceLog(
        device,
        "\(verb) \(target.speed.name) USB device number \(target.devnum) using dummy_hcd")
    }
    return attempt(&world)
  }

  /// The head of the loop over `retries`.
  private mutating func attempt(_ world: inout GadgetWorld) -> FrameStep {
    guard retries < 2 else { return fail(&world, result) }
    if usesNewScheme(world) {
      world.host.devices[device]?.state = .default
      stage = .newSchemeRead
      return .call(.getMaxPacket(GetMaxPacket(device: device, size: 64, first: retries == 0)))
    }
    return setAddress(&world, 0)
  }

  private mutating func again(_ ret: Int) -> FrameStep {
    result = ret
    retries += 1
    stage = .retryPause
    return .sleep(milliseconds: 100)
  }

  private mutating func afterSecondReset(
    _ world: inout GadgetWorld, _ ret: Int, _ maxPacket: Int
  ) -> FrameStep {
    guard ret >= 0 else { return fail(&world, ret) }
    guard world.host.devices[device]?.speed == oldSpeed else {
      return fail(&world, Errno.ENODEV.negated)
    }
    if maxPacket < 0 {
      if maxPacket != Errno.ENODEV.negated {
        world.deviceLog(device, "device descriptor read/64, error \(maxPacket)")
      }
      return again(maxPacket)
    }
    self.maxPacket = maxPacket
    return setAddress(&world, 0)
  }

  private mutating func setAddress(_ world: inout GadgetWorld, _ operation: Int) -> FrameStep {
    guard let target = world.host.devices[device] else { return .done(Errno.ENODEV.negated) }
    stage = .setAddress(operation: operation)
    if target.state == .address { return afterSetAddress(&world, 0, operation) }
    return .call(
      .controlMessage(
        ControlMessage(
          device: device,
          setup: SetupPacket(
            0, 5, value: UInt16(clamping: target.devnum), index: 0, length: 0),
          addressZero: true)))
  }

  private mutating func afterSetAddress(
    _ world: inout GadgetWorld, _ ret: Int, _ operation: Int
  ) -> FrameStep {
    guard ret >= 0 else {
      if operation == 0 {
        stage = .addressRetry(operation: 1)
        return .sleep(milliseconds: 200)
      }
      if ret != Errno.ENODEV.negated {
        let number = world.host.devices[device]?.devnum ?? 0
        world.deviceLog(device, "device not accepting address \(number), error \(ret)")
      }
      return fail(&world, ret)
    }
    world.host.devices[device]?.state = .address
    if let target = world.host.devices[device], target.speed >= .super {
      world.deviceLog(
        device,
        "\(initial ? "new" : "reset") SuperSpeed USB device number \(target.devnum) using dummy_hcd"
      )
    }
    stage = .settle
    return .sleep(milliseconds: 10)
  }

  private mutating func afterOldSchemeRead(_ world: inout GadgetWorld, _ ret: Int) -> FrameStep {
    guard ret >= 0, let target = world.host.devices[device] else {
      if ret != Errno.ENODEV.negated {
        world.deviceLog(device, "device descriptor read/8, error \(ret)")
      }
      return again(ret)
    }
    maxPacket = ret
    if !initial, ret != Int(target.descriptor[7]) {
      world.deviceLog(device, "device reset changed ep0 maxpacket size!")
      return fail(&world, Errno.ENODEV.negated)
    }
    guard target.speed >= .super else { return checkMaxPacket(&world) }
    stage = .isochDelay(maxPacket: ret)
    return .call(
      .controlMessage(
        ControlMessage(
          device: device, setup: SetupPacket(0, 0x31, value: 40, index: 0, length: 0))))
  }

  private mutating func checkMaxPacket(_ world: inout GadgetWorld) -> FrameStep {
    guard let target = world.host.devices[device] else { return .done(Errno.ENODEV.negated) }
    var size = maxPacket
    if target.speed >= .super { size = maxPacket <= 16 ? 1 << maxPacket : 0 }
    if target.ep0MaxPacket != size {
      let sizes = [8, 16, 32, 64]
      let corrected =
        target.speed == .full || target.speed == .high
        ? sizes.contains(size) : target.speed >= .super && size > 0
      guard corrected else {
        world.deviceLog(device, "Invalid ep0 maxpacket: \(maxPacket)")
        return fail(&world, Errno.EMSGSIZE.negated)
      }
      if target.speed != .full { world.deviceLog(device, "Using ep0 maxpacket: \(size)") }
      world.host.devices[device]?.ep0MaxPacket = size
    }
    stage = .deviceDescriptor
    return .call(.getDescriptor(GetDescriptor(device: device, type: 1, size: 18)))
  }

  private mutating func afterDeviceDescriptor(
    _ world: inout GadgetWorld, _ value: HostValue
  ) -> FrameStep {
    var ret = value.ret
    if ret >= 0, ret != 18 { ret = Errno.EMSGSIZE.negated }
    guard ret == 18, let target = world.host.devices[device] else {
      if ret != Errno.ENODEV.negated {
        world.deviceLog(device, "device descriptor read/all, error \(ret)")
      }
      return fail(&world, ret)
    }
    descriptor = value.data
    if initial { world.host.devices[device]?.descriptor = value.data }
    let bcd = UInt16(low: value.data[2], high: value.data[3])
    if target.speed >= .super, bcd < 0x0300 {
      world.deviceLog(device, "got a wrong device descriptor, warm reset device")
      stage = .warmReset
      return .call(
        .portReset(PortReset(half: target.half, device: device, delay: 50, warm: true)))
    }
    world.host.devices[device]?.newBOS = nil
    guard bcd >= 0x0201 else { return end(&world) }
    stage = .bos
    return .call(.getBOS(GetBOS(device: device)))
  }

  private func end(_ world: inout GadgetWorld) -> FrameStep {
    let bos = world.host.devices[device]?.newBOS
    if initial { world.host.devices[device]?.bos = bos }
    return .done(HostValue(ret: 0, data: descriptor))
  }

  private func fail(_ world: inout GadgetWorld, _ ret: Int) -> FrameStep {
    if let half = world.host.devices[device]?.half { world.disablePort(half) }
    return .done(ret)
  }
}

extension GadgetWorld {
  /// A line of the kernel log about a device, such as `usb 1-1: …`.
  mutating func deviceLog(_ device: Int, _ text: String) {
    guard let known = host.devices[device] else { return }
    logLine("usb \(host.name(of: known)): \(text)")
  }
}
