import USB

/// `usblp`: printers.
struct Usblp: NodeDriver {
  static let name = "usblp"
  private static let ids =
    (1...3).map { UsbID(class: 7, 1, UInt8($0)) } + [UsbID(0x04b8, 0x0202)]

  var minor = 0
  var node: String { "usb/lp\(minor)" }
  /// The setting in use and the endpoints it prints and is read by.
  var alternate = 0
  var `protocol` = 0
  var bulkOut: UInt8 = 0
  var bulkIn: UInt8?
  var isOpen = false
  /// True while an URB reads.
  var isReading = false
  /// What the last one brought and how much of it was given to programs; nil once all was.
  var received: [UInt8]?
  var given = 0
  /// The error the last one ended with; 0 for none.
  var readError = 0
  /// The status byte last told.
  var status: UInt8 = 0

  static func matches(_ setting: UsbInterface, of device: UsbDevice) -> Bool {
    ids.match(setting, of: device) != nil
  }

  static func probe(
    _ side: inout some HostSide, device: Int, interface: Int
  ) -> (any HostRoutine)? {
    UsblpProbe(place: InterfacePlace(device: device, interface: interface))
  }

  func unbound(_ side: inout some HostSide, device: Int, interface: Int) {
    side.removeNodes(InterfacePlace(device: device, interface: interface))
    side.logLine("usblp\(minor): removed")
  }

  func serve(
    _ operation: NodeOperation, _ node: DeviceNode, _ place: InterfacePlace
  ) -> (any HostRoutine)? {
    switch operation {
    case .open: UsblpOpen(place: place)
    case .close: UsblpClose(place: place)
    case .write(let bytes):
      UsblpWrite(place: place, bytes: bytes, isNonblocking: node.mode?.nonblocking ?? false)
    case .ask(.deviceID): UsblpDeviceID(place: place)
    case .ask(.status): UsblpStatus(place: place)
    case .command(.reset): Self.request(place, 2, type: 0x23)
    case .read, .readAt, .writeAt, .sync, .ask, .command, .line, .raise, .lower, .test, .send: nil
    }
  }

  /// `usblp_read()`: what came, and an URB for more once it is all taken.
  func take(_ side: inout some HostSide, _ node: DeviceNode, _ count: Int) -> HostValue {
    let place = InterfacePlace(device: node.device, interface: node.interface)
    guard bulkIn != nil else { return HostValue(ret: Errno.EINVAL.negated) }
    if readError < 0 {
      side.logLine("usblp\(minor): error \(readError) reading from printer")
      side.readPrinter(place)
      return HostValue(ret: Errno.EIO.negated)
    }
    guard let received else { return HostValue(ret: 0) }
    let bytes = Array(received.dropFirst(given).prefix(count))
    side.change(Self.self, place) { $0.given += bytes.count }
    if given + bytes.count >= received.count { side.readPrinter(place) }
    return HostValue(ret: bytes.count, data: bytes)
  }

  /// `usblp_ctrl_msg()`.
  static func request(
    _ place: InterfacePlace, _ request: UInt8, type: UInt8, index: UInt16? = nil, length: Int = 0
  ) -> ControlMessage {
    DriverRequest(
      type: type, request: request, index: index ?? UInt16(clamping: place.interface),
      length: length
    ).message(place.device)
  }

  /// GET_DEVICE_ID: the high byte of the index is the interface, the low one its setting.
  func askID(_ place: InterfacePlace) -> ControlMessage {
    Self.request(
      place, 0, type: 0xa1, index: UInt16(clamping: place.interface << 8 | alternate), length: 1023)
  }
}

/// `usblp_probe()`: chooses among the settings, reads the printer's identity and makes the node.
struct UsblpProbe: HostRoutine {
  private enum Stage: Equatable, Sendable {
    case start
    case set
    case identified
  }

  var place: InterfacePlace
  private var stage = Stage.start
  private var driver = Usblp()

  init(place: InterfacePlace) { self.place = place }

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    switch stage {
    case .start: return start(&side)
    case .set:
      guard input.value.ret >= 0 else {
        side.logLine(
          "usblp: can't set desired altsetting \(driver.alternate) on interface \(place.interface)")
        return side.probeFailed(Usblp.name, place, input.value.ret)
      }
      return identify()
    case .identified: return register(&side)
    }
  }

  private mutating func start(_ side: inout some HostSide) -> RoutineStep {
    let settings = side.host.devices[place.device]?.settings(place.interface) ?? []
    guard let (chosen, kind) = choose(settings) else { return .done(Errno.ENODEV.negated) }
    driver.alternate = chosen.alternate
    driver.protocol = kind
    driver.bulkOut = chosen.endpoint(.bulk, isIn: false)?.address ?? 0
    driver.bulkIn = kind > 1 ? chosen.endpoint(.bulk, isIn: true)?.address : nil
    guard settings.count > 1 else { return identify() }
    stage = .set
    return .call(
      SetInterface(
        device: place.device, interface: place.interface, alternate: chosen.alternate))
  }

  /// `usblp_select_alts()`: bidirectional before unidirectional before IEEE 1284.4.
  private func choose(_ settings: [UsbInterface]) -> (UsbInterface, Int)? {
    let usable = settings.filter { setting in
      setting.interfaceClass == 7 && setting.subclass == 1 && (1...3).contains(setting.protocol)
        && setting.endpoint(.bulk, isIn: false) != nil
        && (setting.protocol == 1 || setting.endpoint(.bulk, isIn: true) != nil)
    }
    for kind in [2, 1, 3] {
      if let found = usable.last(where: { $0.protocol == UInt8(kind) }) { return (found, kind) }
    }
    return nil
  }

  private mutating func identify() -> RoutineStep {
    stage = .identified
    return .call(driver.askID(place))
  }

  private mutating func register(_ side: inout some HostSide) -> RoutineStep {
    guard let device = side.host.devices[place.device] else { return .done(Errno.ENODEV.negated) }
    driver.minor = side.freeNumber("usb/lp")
    side.keep(driver, place)
    side.addNode(driver.node, .character, driver: Usblp.name, place)
    let way = driver.bulkIn == nil ? "Uni" : "Bi"
    let numbers =
      "vid 0x\(hex(UInt64(device.vendor), 4).uppercased())"
      + " pid 0x\(hex(UInt64(device.productID), 4).uppercased())"
    side.interfaceLog(
      Usblp.name, place,
      "usblp\(driver.minor): USB \(way)directional printer dev \(device.devnum)"
        + " if \(place.interface) alt \(driver.alternate) proto \(driver.protocol) \(numbers)")
    return .done(0)
  }
}
