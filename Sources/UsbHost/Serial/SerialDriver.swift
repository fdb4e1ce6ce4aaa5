import USB

/// A serial adapter behind the kernel's serial core, driven by the driver of its chip.
struct SerialDriver<Chip: SerialChip>: NodeDriver {
  var chip = Chip()
  var port = SerialPort(line: LineSettings(speed: Chip.firstSpeed, softwareFlow: true))

  static var name: String { Chip.driver }

  static func matches(_ setting: UsbInterface, of device: UsbDevice) -> Bool {
    Chip.ids.match(setting, of: device) != nil
  }

  static func probe(
    _ side: inout some HostSide, device: Int, interface: Int
  ) -> (any HostRoutine)? {
    SerialProbe<Chip>(place: InterfacePlace(device: device, interface: interface))
  }

  func unbound(_ side: inout some HostSide, device: Int, interface: Int) {
    let place = InterfacePlace(device: device, interface: interface)
    side.removeNodes(place)
    if let node = port.node {
      side.logLine(
        "\(Chip.portDriver) \(node): \(Chip.title) converter now disconnected from \(node)")
    }
    side.interfaceLog(Chip.driver, place, "device disconnected")
  }

  func serve(
    _ operation: NodeOperation, _ node: DeviceNode, _ place: InterfacePlace
  ) -> (any HostRoutine)? {
    switch operation {
    case .open: SerialOpen<Chip>(place: place)
    case .close: SerialClose<Chip>(place: place)
    case .write(let bytes): SerialWrite<Chip>(place: place, bytes: bytes)
    case .line(let line): SerialLine<Chip>(place: place, line: line)
    case .raise(let lines): SerialModem<Chip>(place: place, raised: lines, lowered: [])
    case .lower(let lines): SerialModem<Chip>(place: place, raised: [], lowered: lines)
    case .ask(.modem): chip.askModem(place, port)
    case .command(.sendBreak):
      Chip.canBreak ? SerialBreak<Chip>(place: place) : nil
    case .command(.drain): SerialDrain<Chip>(place: place)
    case .read, .readAt, .writeAt, .sync, .ask, .command, .test, .send: nil
    }
  }
}

/// `usb_serial_probe()`: looks for endpoints, lets the chip's driver begin and makes a port.
struct SerialProbe<Chip: SerialChip>: HostRoutine {
  private enum Stage: Equatable, Sendable {
    case start
    case attached
    case probed
  }

  var place: InterfacePlace
  private var stage = Stage.start
  private var driver = SerialDriver<Chip>()
  private var node = ""

  init(place: InterfacePlace) { self.place = place }

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    switch stage {
    case .start: return start(&side)
    case .attached: return attached(&side, input.value.ret)
    case .probed: return probed(&side, input.value.ret)
    }
  }

  private mutating func start(_ side: inout some HostSide) -> RoutineStep {
    guard let device = side.host.devices[place.device],
      let setting = device.currentSetting(place.interface)
    else { return .done(Errno.ENODEV.negated) }
    let bulkIn = setting.endpoint(.bulk, isIn: true)
    let bulkOut = setting.endpoint(.bulk, isIn: false)
    let interrupt = setting.endpoint(.interrupt, isIn: true)
    if Chip.needsBulk && (bulkIn == nil || bulkOut == nil)
      || Chip.needsInterrupt && interrupt == nil
    {
      side.interfaceLog(Chip.driver, place, "required endpoints missing")
      return .done(Errno.ENODEV.negated)
    }
    driver.port.bulkIn = bulkIn?.address ?? 0
    driver.port.bulkOut = bulkOut?.address ?? 0
    driver.port.interruptIn = interrupt?.address
    driver.port.packet = bulkIn?.packetSize ?? 0
    driver.port.interruptSize = interrupt?.packetSize ?? 0
    driver.port.inSize = max(Chip.bulkInSize, bulkIn?.packetSize ?? 0)
    driver.port.outSize = Chip.bulkOutSize > 0 ? Chip.bulkOutSize : bulkOut?.packetSize ?? 0
    side.interfaceLog(Chip.driver, place, "\(Chip.title) converter detected")
    side.keep(driver, place)
    stage = .attached
    return Chip.attach(place).map(RoutineStep.call) ?? attached(&side, 0)
  }

  private mutating func attached(_ side: inout some HostSide, _ ret: Int) -> RoutineStep {
    guard ret >= 0 else {
      side.host.devices[place.device]?.drivers[place.interface] = nil
      return side.probeFailed(Chip.driver, place, ret)
    }
    node = "ttyUSB\(side.freeNumber("ttyUSB"))"
    side.change(SerialDriver<Chip>.self, place) { $0.port.node = node }
    stage = .probed
    return Chip.portProbe(place).map(RoutineStep.call) ?? probed(&side, 0)
  }

  /// A port whose probe fails is not there; the adapter stays bound.
  private mutating func probed(_ side: inout some HostSide, _ ret: Int) -> RoutineStep {
    guard ret >= 0 else {
      side.logLine("\(Chip.portDriver): probe of \(node) failed with error \(ret)")
      side.change(SerialDriver<Chip>.self, place) { $0.port.node = nil }
      return .done(0)
    }
    side.addNode(node, .character, driver: Chip.driver, place)
    side.deviceLog(place.device, "\(Chip.title) converter now attached to \(node)")
    return .done(0)
  }
}

extension HostSide {
  /// A line of the kernel log about a port of a chip.
  mutating func portLog<Chip: SerialChip>(
    _ type: Chip.Type, _ place: InterfacePlace, _ text: String
  ) {
    guard let node = bound(SerialDriver<Chip>.self, place)?.port.node else { return }
    logLine("\(Chip.portDriver) \(node): \(text)")
  }

  /// Changes what a chip's driver knows.
  mutating func changeChip<Chip: SerialChip>(
    _ type: Chip.Type, _ place: InterfacePlace, _ body: (inout Chip) -> Void
  ) {
    change(SerialDriver<Chip>.self, place) { body(&$0.chip) }
  }
}
