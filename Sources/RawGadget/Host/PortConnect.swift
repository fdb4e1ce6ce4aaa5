import USB

/// `hub_port_connect()`: removes the device that was on the port and enumerates the one that is.
struct PortConnect: SteppingFrame {
  private enum Stage: Equatable, Sendable {
    case start
    case debounced
    case initialized
    case qualified
    case registered
    case powerOff
    case powerOn
  }

  var half: HostRef
  var status: UInt32
  private var stage = Stage.start
  private var retry = 0
  private var device = -1
  private var result = 0

  init(half: HostRef, status: UInt32) {
    self.half = half
    self.status = status
  }

  mutating func step(
    _ world: inout GadgetWorld, task: Int, _ input: FrameInput
  ) -> FrameStep {
    var ret = 0
    if case .value(let value) = input { ret = value.ret }
    switch stage {
    case .start:
      return start(&world)
    case .debounced:
      status = ret < 0 ? status & ~PortStatus.connection : UInt32(truncatingIfNeeded: ret)
      return connect(&world)
    case .initialized:
      guard ret >= 0 else { return failed(&world, ret, disable: false) }
      return afterInit(&world)
    case .qualified:
      if ret == 10 {
        world.deviceLog(
          device, "not running at top speed; connect to a high speed hub")
      }
      return register(&world)
    case .registered:
      guard ret >= 0 else {
        world.host.hubs[half]?.child = nil
        return failed(&world, ret, disable: true)
      }
      return .done(0)
    case .powerOff:
      stage = .powerOn
      world.setPortFeature(half, PortFeature.power)
      return .sleep(milliseconds: 100)
    case .powerOn:
      return next(&world)
    }
  }

  private mutating func start(_ world: inout GadgetWorld) -> FrameStep {
    if let child = world.host.hubs[half]?.child {
      world.disconnect(child)
    }
    let changed = status & PortStatus.changedConnection != 0
    if status & PortStatus.connection == 0 || changed { world.host.hubs[half]?.removed = false }
    guard changed else { return connect(&world) }
    stage = .debounced
    return .call(.debounce(Debounce(half: half)))
  }

  private mutating func connect(_ world: inout GadgetWorld) -> FrameStep {
    guard status & PortStatus.connection != 0, world.host.hubs[half]?.removed == false else {
      if status & PortStatus.enable != 0 { world.disablePort(half) }
      return .done(0)
    }
    return enumerate(&world)
  }

  private mutating func enumerate(_ world: inout GadgetWorld) -> FrameStep {
    device = world.allocateDevice(half)
    stage = .initialized
    return .call(.portInit(PortInit(device: device, retry: retry, initial: true)))
  }

  /// A device of USB 2 that runs at full speed is asked whether it could run at high speed.
  private mutating func afterInit(_ world: inout GadgetWorld) -> FrameStep {
    guard let target = world.host.devices[device], target.speed == .full,
      target.bcdUSB >= 0x0200
    else { return register(&world) }
    stage = .qualified
    return .call(.getDescriptor(GetDescriptor(device: device, type: 6, size: 10)))
  }

  private mutating func register(_ world: inout GadgetWorld) -> FrameStep {
    stage = .registered
    world.host.hubs[half]?.child = device
    return .call(.newDevice(NewDevice(device: device)))
  }

  private mutating func failed(
    _ world: inout GadgetWorld, _ ret: Int, disable: Bool
  ) -> FrameStep {
    result = ret
    if disable { world.disablePort(half) }
    world.freeDevice(device)
    if ret == Errno.ENOTCONN.negated { return giveUp(&world) }
    guard retry == 1 else { return next(&world) }
    world.logLine(
      "usb usb\(world.host.hubs[half]?.bus ?? 0)-port1: attempt power cycle")
    world.clearPortFeature(half, PortFeature.power)
    stage = .powerOff
    return .sleep(milliseconds: 200)
  }

  private mutating func next(_ world: inout GadgetWorld) -> FrameStep {
    retry += 1
    return retry < 4 ? enumerate(&world) : giveUp(&world)
  }

  private func giveUp(_ world: inout GadgetWorld) -> FrameStep {
    if result != Errno.ENOTCONN.negated, result != Errno.ENODEV.negated {
      world.logLine(
        "usb usb\(world.host.hubs[half]?.bus ?? 0)-port1: unable to enumerate USB device")
    }
    world.disablePort(half)
    return .done(0)
  }
}

extension GadgetWorld {
  /// `usb_alloc_dev()` and `choose_devnum()`.
  mutating func allocateDevice(_ half: HostRef) -> Int {
    guard var hub = host.hubs[half] else { return -1 }
    let numbers = Array(max(1, hub.nextDevnum)...127) + Array(1...127)
    let devnum = numbers.first { !hub.devnums.contains($0) } ?? 127
    hub.devnums.insert(devnum)
    hub.nextDevnum = devnum >= 127 ? 1 : devnum + 1
    host.hubs[half] = hub
    let id = host.nextDevice
    host.nextDevice += 1
    var device = UsbDevice(
      half: half, devnum: devnum, speed: half.isSuper ? .super : .unknown)
    device.mA = half.isSuper ? 900 : 500
    host.devices[id] = device
    return id
  }

  mutating func freeDevice(_ id: Int) {
    guard let device = host.devices.removeValue(forKey: id) else { return }
    host.hubs[device.half]?.devnums.remove(device.devnum)
    flushGone(id)
  }

  /// `usb_disconnect()`: takes a device out of the system.
  mutating func disconnect(_ id: Int) {
    guard let device = host.devices[id] else { return }
    deviceLog(id, "USB disconnect, device number \(device.devnum)")
    host.devices[id]?.state = .notAttached
    unbindInterfaces(id)
    flushGone(id)
    host.hubs[device.half]?.child = nil
    host.hubs[device.half]?.devnums.remove(device.devnum)
    host.devices[id] = nil
  }

  /// What is still in flight for a device that is gone ends with ESHUTDOWN.
  private mutating func flushGone(_ id: Int) {
    flush(device: id, .ESHUTDOWN)
  }
}
