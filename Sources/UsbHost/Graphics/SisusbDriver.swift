import USB

extension Sisusb: NodeDriver {
  static func matches(_ setting: UsbInterface, of device: UsbDevice) -> Bool {
    ids.match(setting, of: device) != nil
  }

  static func probe(
    _ side: inout some HostSide, device: Int, interface: Int
  ) -> (any HostRoutine)? {
    SisusbProbe(place: InterfacePlace(device: device, interface: interface))
  }

  func unbound(_ side: inout some HostSide, device: Int, interface: Int) {
    side.removeNodes(InterfacePlace(device: device, interface: interface))
  }

  func serve(
    _ operation: NodeOperation, _ node: DeviceNode, _ place: InterfacePlace
  ) -> (any HostRoutine)? {
    switch operation {
    case .open: SisusbOpen(place: place)
    case .close: Answer(0)
    case .read, .write, .readAt, .writeAt, .sync, .ask, .command, .line, .raise, .lower, .test,
      .send:
      nil
    }
  }

  /// `sisusb_read()`: nothing lies at the place a file begins at.
  func take(_ side: inout some HostSide, _ node: DeviceNode, _ count: Int) -> HostValue {
    HostValue(ret: Errno.EBADFD.negated)
  }
}

/// `sisusb_probe()`.
struct SisusbProbe: HostRoutine {
  var place: InterfacePlace
  private var isSettingUp = false

  init(place: InterfacePlace) { self.place = place }

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    if isSettingUp {
      if input.value.ret != 0 {
        side.deviceLog(place.device, "Failed to early initialize device")
      }
      return ready(&side)
    }
    guard let device = side.host.devices[place.device],
      let setting = device.currentSetting(place.interface)
    else { return .done(Errno.ENODEV.negated) }
    guard setting.has(Sisusb.End.allCases.map { ($0.rawValue, .bulk) }) else {
      side.interfaceLog(Sisusb.name, place, "Invalid USB2VGA device")
      return side.probeFailed(Sisusb.name, place, Errno.EINVAL.negated)
    }
    bind(&side, device)
    guard Sisusb.isFast(device.speed) else {
      side.deviceLog(place.device, "Not attached to USB 2.0 hub, deferring init")
      return ready(&side)
    }
    isSettingUp = true
    return .call(SisusbSetup(place: place, drawsFrame: true))
  }

  private func bind(_ side: inout some HostSide, _ device: UsbDevice) {
    side.deviceLog(place.device, "USB2VGA dongle found at address \(device.devnum)")
    side.keep(Sisusb(), place)
    side.addNode(
      "sisusbvga\(side.freeNumber("sisusbvga"))", .character, driver: Sisusb.name, place)
    side.deviceLog(place.device, "Allocated 8 output buffers")
  }

  private func ready(_ side: inout some HostSide) -> RoutineStep {
    side.change(Sisusb.self, place) { $0.isReady = true }
    return .done(0)
  }
}

/// `sisusb_open()`: what could not be set up before is tried again.
struct SisusbOpen: HostRoutine {
  var place: InterfacePlace
  private var isSettingUp = false

  init(place: InterfacePlace) { self.place = place }

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    guard let driver = side.bound(Sisusb.self, place), driver.isReady else {
      return .done(Errno.ENODEV.negated)
    }
    if isSettingUp {
      guard input.value.ret != 0 else { return .done(0) }
      return failed(&side, "Failed to initialize device")
    }
    if driver.isSetUp { return .done(0) }
    guard Sisusb.isFast(side.host.devices[place.device]?.speed) else {
      return failed(&side, "Device not attached to USB 2.0 hub")
    }
    isSettingUp = true
    return .call(SisusbSetup(place: place, drawsFrame: false))
  }

  private func failed(_ side: inout some HostSide, _ text: String) -> RoutineStep {
    side.deviceLog(place.device, text)
    return .done(Errno.EIO.negated)
  }
}

/// `sisusb_init_gfxdevice()`: the bridge, the chip, its memory, a mode, and a picture. Returns 0, or what failed.
struct SisusbSetup: HostRoutine {
  private enum Stage: Equatable, Sendable {
    case start
    case bridge
    case core
    case memory
    case mode
    case cleared
    case framed
  }

  var place: InterfacePlace
  var drawsFrame: Bool
  private var stage = Stage.start

  init(place: InterfacePlace, drawsFrame: Bool) {
    self.place = place
    self.drawsFrame = drawsFrame
  }

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    let ret = input.value.ret
    switch stage {
    case .start: return play(.bridge, SisusbBridge())
    case .bridge:
      if ret != 0 { return .done(ret) }
      side.change(Sisusb.self, place) { $0.isSetUp = true }
      return play(.core, SisusbCore())
    case .core: return ret != 0 ? .done(0) : play(.memory, SisusbMemory())
    case .memory:
      side.change(Sisusb.self, place) { $0.memory = UInt32(truncatingIfNeeded: ret) }
      return play(.mode, SisusbMode(startsEngines: true))
    case .mode:
      stage = .cleared
      let memory = side.bound(Sisusb.self, place)?.memory ?? 0
      return .call(SisusbClear(place: place, length: memory))
    case .cleared: return ret != 0 || !drawsFrame ? .done(ret) : draw()
    case .framed: return .done(ret)
    }
  }

  private mutating func draw() -> RoutineStep {
    stage = .framed
    return .call(SisusbFrame(place: place))
  }

  private mutating func play(_ stage: Stage, _ script: some SisusbScript) -> RoutineStep {
    self.stage = stage
    return .call(SisusbPlay(place: place, script: script))
  }
}
