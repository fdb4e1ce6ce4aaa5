import USB

/// `usbhid_probe()`: reads the report descriptor, registers what it declares and begins to poll what
/// the console opens.
struct HIDProbe: HostRoutine {
  private enum Stage: Equatable, Sendable {
    case start
    case unique
    case idle
    case report(tries: Int)
    case multipliers
    case opened(isConsole: Bool)
    case registered
  }

  var device: Int
  var interface: Int
  private var stage = Stage.start
  private var described: HIDClassDescriptor?
  private var descriptor = HIDDescriptorBuffer()

  init(device: Int, interface: Int) {
    self.device = device
    self.interface = interface
  }

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    guard let target = side.host.devices[device],
      let setting = target.currentSetting(interface), target.state == .configured
    else { return .done(Errno.ENODEV.negated) }
    var value = HostValue(ret: 0)
    if case .value(let returned) = input { value = returned }
    switch stage {
    case .start: return start(&side, target, setting)
    case .unique: return setIdle(&side, target, setting)
    case .idle: return requestReport(tries: 0)
    case .report(let tries):
      descriptor.take(value.data)
      if value.ret < described?.reportLength ?? 0, tries < 4 { return requestReport(tries: tries) }
      if value.ret < 0 { return refuse(&side, target, value.ret) }
      return parse(&side, task, target, setting)
    case .multipliers: return connect(&side, task, target, haveMultipliers: value.ret >= 0)
    case .opened(let isConsole): return open(&side, isConsole: isConsole)
    case .registered:
      if var hid = side.hid(device, interface) {
        hid.isProbed = true
        side.keep(hid, device, interface)
      }
      return .done(0)
    }
  }

  private mutating func start(
    _ side: inout some HostSide, _ target: UsbDevice, _ setting: UsbInterface
  ) -> RoutineStep {
    let hasInput = setting.endpoints.contains { $0.type == .interrupt && $0.address & 0x80 != 0 }
    guard hasInput else {
      say(&side, target, "couldn't find an input interrupt endpoint")
      return .done(Errno.ENODEV.negated)
    }
    stage = .unique
    return .call(ReadString(device: device, index: target.descriptor[16], limit: 63))
  }

  private mutating func setIdle(
    _ side: inout some HostSide, _ target: UsbDevice, _ setting: UsbInterface
  ) -> RoutineStep {
    described = HIDClassDescriptor(setting)
    guard let described else { return refuse(&side, target, Errno.ENODEV.negated) }
    if described.isMiscounted {
      say(&side, target, "fixing wrong optional hid class descriptors count")
    }
    guard (1...HIDLimits.descriptor).contains(described.reportLength) else {
      return refuse(&side, target, Errno.EINVAL.negated)
    }
    stage = .idle
    return .call(ControlMessage.setIdle(device: device, interface: interface))
  }

  private mutating func requestReport(tries: Int) -> RoutineStep {
    stage = .report(tries: tries + 1)
    return .call(
      ControlMessage.reportDescriptor(
        device: device, interface: interface, length: described?.reportLength ?? 0))
  }

  /// The report descriptor is here: the HID core reads it. A device whose descriptor it refuses
  /// stays with usbhid, and nothing uses it.
  private mutating func parse(
    _ side: inout some HostSide, _ task: Int, _ target: UsbDevice, _ setting: UsbInterface
  ) -> RoutineStep {
    guard let described else { return .done(Errno.ENODEV.negated) }
    let bytes = descriptor.bytes(described.reportLength)
    if described.others > 0 {
      say(&side, target, "\(described.others) unsupported optional hid class descriptors")
    }
    guard let hid = side.parseHID(target, setting, bytes) else {
      return .done(Errno.ENODEV.negated)
    }
    side.keep(hid, device, interface)
    guard let descriptor = hid.descriptor else { return registered() }
    side.startHID(device, interface, setting, hid)
    side.warnOfCodes(HIDIdentity(side, target, interface), descriptor.inputDevices)
    stage = .multipliers
    guard descriptor.isForInput, !descriptor.multiplierReports.isEmpty else {
      return connect(&side, task, target, haveMultipliers: true)
    }
    return .call(
      HIDMultipliers(
        device: device, interface: interface,
        asksNothing: setting.subclass == 1 && [1, 2].contains(setting.protocol),
        descriptor: descriptor))
  }

  private mutating func connect(
    _ side: inout some HostSide, _ task: Int, _ target: UsbDevice, haveMultipliers: Bool
  ) -> RoutineStep {
    guard var hid = side.hid(device, interface), let descriptor = hid.descriptor else {
      return .done(0)
    }
    if descriptor.isForInput, haveMultipliers {
      for message in descriptor.multiplierMessages(setToMaximum: true) {
        side.hidLog(hid.label, message)
      }
    }
    let claimed = side.connectHID(
      device, interface, HIDIdentity(side, target, interface), &hid, descriptor,
      version: described?.version ?? "0.00")
    side.keep(hid, device, interface)
    if claimed.isInput { side.registerBattery(device, interface) }
    stage = .opened(isConsole: claimed.isConsole)
    guard claimed.isInput, side.isThreads(task) else {
      return open(&side, isConsole: claimed.isConsole)
    }
    return .pause(Self.givingWay)
  }

  /// Microseconds a thread of the program stands back in a probe: the report on the LEDs has woken
  /// another of its threads, which shares the processor's time with it. A worker of the kernel has
  /// a share of its own and goes on.
  private static let givingWay: Microseconds = 16_000

  /// The console opens what has keys for it.
  private mutating func open(_ side: inout some HostSide, isConsole: Bool) -> RoutineStep {
    if isConsole, var hid = side.hid(device, interface) {
      hid.isOpen = true
      hid.isConsole = true
      hid.listensFrom = side.now + HIDListen.settling
      side.keep(hid, device, interface)
      side.pollHID(device, interface)
      side.showLocks(device, interface)
    }
    return registered()
  }

  /// Registering takes the host longer than a transfer.
  private mutating func registered() -> RoutineStep {
    stage = .registered
    return .sleep(milliseconds: 1)
  }

  /// A line of the kernel log about the interface.
  private func say(_ side: inout some HostSide, _ target: UsbDevice, _ text: String) {
    let value = target.activeConfiguration?.value ?? 1
    side.logLine("usbhid \(side.host.name(of: target)):\(value).\(interface): \(text)")
  }

  private func refuse(_ side: inout some HostSide, _ target: UsbDevice, _ ret: Int) -> RoutineStep {
    let name = "\(side.host.name(of: target)):\(target.activeConfiguration?.value ?? 1)"
    // The probe's own message names the device, the driver core's the driver; a device that is
    // not there is passed over in silence.
    if ret != Errno.ENODEV.negated {
      say(&side, target, "can't add hid device: \(ret)")
      side.logLine("usbhid: probe of \(name).\(interface) failed with error \(ret)")
    }
    return .done(ret)
  }
}
