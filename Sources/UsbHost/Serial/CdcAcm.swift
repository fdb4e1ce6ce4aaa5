import USB

/// `cdc_acm`: modems of the communication class, with a control interface and one for data.
struct CdcAcm: NodeDriver {
  static let name = "cdc_acm"
  /// URBs that read at a time.
  static let readers = 16
  private static let ids = (0...6).map { UsbID(class: 2, 2, UInt8($0)) }

  /// The interface of data; of the data interface itself the control interface.
  var other: Int
  /// False for what is kept of the data interface.
  var isControl = true
  var node = ""
  var control: UInt8 = 0
  var bulkIn: UInt8 = 0
  var bulkOut: UInt8 = 0
  var controlSize = 0
  var readSize = 0
  var writeSize = 0
  /// `bmCapabilities` of the modem's descriptor.
  var capabilities: UInt8 = 0
  var isOpen = false
  var line = LineSettings(speed: 9600)
  /// The lines raised: DTR in bit 0, RTS in bit 1.
  var raised: UInt8 = 0
  /// The lines of the other side: carrier, DSR, break, ring in bits 0 to 3.
  var told: UInt16 = 0
  var writing = 0
  /// A notification in pieces.
  var partial: [UInt8] = []

  static func matches(_ setting: UsbInterface, of device: UsbDevice) -> Bool {
    ids.match(setting, of: device) != nil
  }

  static func probe(
    _ side: inout some HostSide, device: Int, interface: Int
  ) -> (any HostRoutine)? {
    CdcAcmProbe(place: InterfacePlace(device: device, interface: interface))
  }

  func unbound(_ side: inout some HostSide, device: Int, interface: Int) {
    side.removeNodes(InterfacePlace(device: device, interface: interface))
    // Both interfaces go together.
    if side.host.devices[device]?.drivers[other]?.driver is CdcAcm {
      side.unbindInterface(device, other)
    }
  }

  func serve(
    _ operation: NodeOperation, _ node: DeviceNode, _ place: InterfacePlace
  ) -> (any HostRoutine)? {
    switch operation {
    case .open: CdcAcmOpen(place: place)
    case .close: CdcAcmClose(place: place)
    case .write(let bytes): CdcAcmWrite(place: place, bytes: bytes)
    case .line(let line): CdcAcmLine(place: place, line: line)
    case .raise(let lines): CdcAcmModem(place: place, raised: raised | Self.bits(lines))
    case .lower(let lines): CdcAcmModem(place: place, raised: raised & ~Self.bits(lines))
    case .ask(.modem): Answer(modem.rawValue)
    case .command(.sendBreak):
      capabilities & 4 != 0 ? CdcAcmBreak(place: place) : Answer(0)
    case .command(.drain): CdcAcmDrain(place: place)
    case .read, .readAt, .writeAt, .sync, .ask, .command, .test, .send: nil
    }
  }

  private static func bits(_ lines: ModemLines) -> UInt8 { UInt8(lines.rawValue >> 1 & 3) }

  private var modem: ModemLines {
    var lines: ModemLines = [.cts]
    if raised & 1 != 0 { lines.insert(.dtr) }
    if raised & 2 != 0 { lines.insert(.rts) }
    let bits: [(UInt16, ModemLines)] = [(1, .carrier), (2, .dsr), (8, .ring)]
    for (bit, line) in bits where told & bit != 0 { lines.insert(line) }
    return lines
  }

  /// A request to the control interface (`acm_ctrl_msg()`).
  static func request(
    _ place: InterfacePlace, _ request: UInt8, value: UInt16, data: [UInt8] = []
  ) -> ControlMessage {
    DriverRequest(
      type: 0x21, request: request, value: value, index: UInt16(clamping: place.interface),
      data: data
    ).message(place.device)
  }

  /// `SET_LINE_CODING`.
  static func setLine(_ place: InterfacePlace, _ line: LineSettings) -> ControlMessage {
    let speed = (0..<4).map { UInt8(truncatingIfNeeded: line.speed >> (8 * $0)) }
    let parity: UInt8 =
      switch line.parity {
      case .none: 0
      case .odd: 1
      case .even: 2
      }
    return request(
      place, 0x20, value: 0,
      data: speed + [line.stop == 2 ? 2 : 0, parity, UInt8(clamping: line.bits)])
  }
}

/// `acm_probe()`.
struct CdcAcmProbe: HostRoutine {
  var place: InterfacePlace
  private var asked = false

  init(place: InterfacePlace) { self.place = place }

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    guard !asked else { return .done(0) }
    guard let device = side.host.devices[place.device],
      let setting = device.currentSetting(place.interface)
    else { return .done(Errno.ENODEV.negated) }
    let header = CdcHeader(setting)
    guard let union = header.union else {
      if header.isEmpty {
        side.interfaceLog(CdcAcm.name, place, "Zero length descriptor references")
      }
      return side.probeFailed(
        CdcAcm.name, place, header.isEmpty ? Errno.EINVAL.negated : Errno.ENODEV.negated)
    }
    let data = Int(union.data)
    guard Int(union.control) == place.interface else { return .done(Errno.ENODEV.negated) }
    guard let dataSetting = device.currentSetting(data) else { return .done(Errno.ENODEV.negated) }
    guard device.drivers[data] == nil else {
      return side.probeFailed(CdcAcm.name, place, Errno.EBUSY.negated)
    }
    guard dataSetting.endpoints.count >= 2, let control = setting.endpoints.first else {
      return side.probeFailed(CdcAcm.name, place, Errno.EINVAL.negated)
    }
    asked = true
    bind(&side, data, dataSetting, control, header.capabilities)
    return .call(CdcAcm.setLine(place, LineSettings(speed: 9600)))
  }

  private func bind(
    _ side: inout some HostSide, _ data: Int, _ setting: UsbInterface, _ control: UsbEndpoint,
    _ capabilities: UInt8
  ) {
    let isFirstIn = setting.endpoints[0].address & 0x80 != 0
    let input = setting.endpoints[isFirstIn ? 0 : 1]
    let output = setting.endpoints[isFirstIn ? 1 : 0]
    var driver = CdcAcm(other: data)
    let number = side.freeNumber("ttyACM")
    driver.node = "ttyACM\(number)"
    driver.control = control.address
    driver.controlSize = control.packetSize
    driver.bulkIn = input.address
    driver.bulkOut = output.address
    driver.readSize = input.packetSize * 2
    driver.writeSize = output.packetSize * 20
    driver.capabilities = capabilities
    side.keep(driver, place)
    side.keep(
      CdcAcm(other: place.interface, isControl: false),
      InterfacePlace(device: place.device, interface: data))
    side.interfaceLog(CdcAcm.name, place, "\(driver.node): USB ACM device")
    side.addNode(driver.node, .character, driver: CdcAcm.name, place)
  }
}

/// The descriptors of the communication class behind an interface (`cdc_parse_cdc_header()`).
struct CdcHeader: Equatable, Sendable {
  /// True when there is nothing behind the interface.
  var isEmpty: Bool
  /// The interfaces that belong together.
  var union: (control: UInt8, data: UInt8)? {
    unionBytes.map { ($0[0], $0[1]) }
  }
  private var unionBytes: [UInt8]?
  /// `bmCapabilities` of the modem's descriptor.
  var capabilities: UInt8 = 0
  /// The descriptor of an Ethernet adapter.
  var ethernet: [UInt8]?
  /// True of an adapter for the mobile direct line model.
  var isMobile = false

  init(_ setting: UsbInterface) {
    let extra =
      setting.extra.isEmpty
      ? setting.endpoints.first(where: { !$0.extra.isEmpty })?.extra ?? [] : setting.extra
    isEmpty = extra.isEmpty
    var at = 0
    while at + 2 < extra.count {
      let length = Int(extra[at])
      guard length >= 3, at + length <= extra.count else { break }
      if extra[at + 1] == 0x24 { take(Array(extra[at..<at + length])) }
      at += length
    }
  }

  private mutating func take(_ bytes: [UInt8]) {
    switch bytes[2] {
    case 0x02 where bytes.count >= 4: capabilities = bytes[3]
    case 0x06 where bytes.count >= 5 && unionBytes == nil: unionBytes = [bytes[3], bytes[4]]
    case 0x0f where bytes.count == 13: ethernet = bytes
    case 0x12: isMobile = true
    default: break
    }
  }
}
