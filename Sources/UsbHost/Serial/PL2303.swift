import USB

/// `pl2303`: adapters with chips of Prolific.
struct PL2303: SerialChip {
  /// Generations of the chip (`enum pl2303_type`).
  enum Kind: Equatable, Sendable {
    case h
    case hx
    case ta
    case tb
    case hxd
    case hxn
  }

  static let driver = "pl2303"
  static let needsInterrupt = true
  static let bulkInSize = 256
  static let bulkOutSize = 256
  static let drains = true
  static let ids = [
    UsbID(0x067b, 0x2303), UsbID(0x067b, 0x2304), UsbID(0x067b, 0x04bb), UsbID(0x067b, 0x1234),
    UsbID(0x067b, 0xaaa0), UsbID(0x067b, 0xaaa2), UsbID(0x067b, 0x0611), UsbID(0x067b, 0x0612),
    UsbID(0x067b, 0x0609), UsbID(0x067b, 0x331a), UsbID(0x067b, 0x0307), UsbID(0x067b, 0xe1f1),
    UsbID(0x067b, 0x23a3), UsbID(0x067b, 0x23b3), UsbID(0x067b, 0x23c3), UsbID(0x067b, 0x23d3),
    UsbID(0x067b, 0x23e3), UsbID(0x067b, 0x23f3), UsbID(0x04bb, 0x0a03), UsbID(0x04bb, 0x0a0e),
    UsbID(0x0557, 0x2008), UsbID(0x0547, 0x2008), UsbID(0x04bb, 0x0a06), UsbID(0x056e, 0x5003),
    UsbID(0x0eba, 0x1080), UsbID(0x0df7, 0x0620), UsbID(0x0584, 0xb000), UsbID(0x2478, 0x2008),
    UsbID(0x1453, 0x4026), UsbID(0x0731, 0x0528), UsbID(0x6189, 0x2068), UsbID(0x11f7, 0x02df),
    UsbID(0x04e8, 0x8001), UsbID(0x11f6, 0x2001), UsbID(0x050d, 0x0257), UsbID(0x058f, 0x9720),
    UsbID(0x10b5, 0xac70), UsbID(0x079b, 0x0027), UsbID(0x0413, 0x2101), UsbID(0x0e55, 0x110b),
    UsbID(0x0731, 0x2003), UsbID(0x0b63, 0x6530), UsbID(0x0b8c, 0x2303), UsbID(0x110a, 0x1150),
    UsbID(0x0557, 0x2021), UsbID(0x0557, 0x2118), UsbID(0x5372, 0x2303), UsbID(0x0745, 0x0001),
    UsbID(0x078b, 0x1234), UsbID(0x0fe6, 0x2303),
  ]

  var kind = Kind.hx
  /// The seven bytes the chip was last set to.
  var form: [UInt8] = []
  /// The lines of the other side as last told.
  var status: UInt8 = 0

  static func attach(_ place: InterfacePlace) -> (any HostRoutine)? { PL2303Startup(place: place) }

  func open(_ place: InterfacePlace, _ port: SerialPort) -> [any HostRoutine] {
    let reset: [any HostRoutine] =
      switch kind {
      case .h:
        [
          ClearHalt(device: place.device, endpoint: port.bulkOut), Quietly(),
          ClearHalt(device: place.device, endpoint: port.bulkIn), Quietly(),
        ]
      case .hxn: [PL2303Call(place: place, [.write(7, 3)]), Quietly()]
      case .hx, .ta, .tb, .hxd: [PL2303Call(place: place, [.write(8, 0), .write(9, 0)])]
      }
    return reset + [
      PL2303Line(place: place, line: port.line, old: nil), StartInterrupt<Self>(place: place),
      StartReading<Self>(place: place),
    ]
  }

  func close(_ place: InterfacePlace, _ port: SerialPort) -> [any HostRoutine] {
    [
      KillURBs(device: place.device, endpoints: port.endpoints),
      PL2303Break(place: place, isOn: false),
    ]
  }

  func setLine(
    _ place: InterfacePlace, _ line: LineSettings, old: LineSettings?
  ) -> (any HostRoutine)? { old == line ? nil : PL2303Line(place: place, line: line, old: old) }

  func setModem(
    _ place: InterfacePlace, _ lines: ModemLines, changing: ModemLines
  ) -> (any HostRoutine)? {
    DriverRequest(
      type: 0x21, request: 0x22, value: UInt16(clamping: lines.rawValue >> 1 & 3), timeout: 100
    ).message(place.device)
  }

  func askModem(_ place: InterfacePlace, _ port: SerialPort) -> any HostRoutine {
    var lines = port.modem
    let bits: [(UInt8, ModemLines)] = [(0x80, .cts), (2, .dsr), (8, .ring), (1, .carrier)]
    for (bit, line) in bits where status & bit != 0 { lines.insert(line) }
    return Answer(lines.rawValue)
  }

  func setBreak(_ place: InterfacePlace, _ isOn: Bool) -> (any HostRoutine)? {
    PL2303Break(place: place, isOn: isOn)
  }

  func notified(
    _ side: inout some HostSide, _ place: InterfacePlace, _ result: URBResult
  ) -> Bool {
    if result.status == 0, result.data.count >= 9 {
      let status = result.data[8]
      side.changeChip(Self.self, place) { $0.status = status }
    }
    return true
  }

  /// `pl2303_encode_baud_rate()`: speeds the chip knows as they are, others as a divisor.
  func speed(_ speed: Int) -> [UInt8] {
    let asked = kind == .hx ? min(speed, 6_000_000) : min(speed, 12_000_000)
    if kind == .hxn || Self.speeds.contains(asked) {
      return (0..<4).map { UInt8(truncatingIfNeeded: asked >> (8 * $0)) }
    }
    var mantissa = max(1, 12_000_000 * 32 / max(1, asked))
    var exponent = 0
    while mantissa >= 512, exponent < 7 {
      mantissa >>= 2
      exponent += 1
    }
    mantissa = min(mantissa, 511)
    if kind == .ta || kind == .tb {
      return [
        UInt8(truncatingIfNeeded: mantissa),
        UInt8(truncatingIfNeeded: (exponent & 1) << 4 | mantissa >> 8),
        UInt8(truncatingIfNeeded: exponent >> 1), 0x80,
      ]
    }
    return [
      UInt8(truncatingIfNeeded: mantissa), UInt8(truncatingIfNeeded: exponent << 1 | mantissa >> 8),
      0,
      0x80,
    ]
  }

  private static let speeds: Set<Int> = [
    75, 150, 300, 600, 1200, 1800, 2400, 3600, 4800, 7200, 9600, 14400, 19200, 28800, 38400, 57600,
    115200, 230400, 460800, 614400, 921600, 1_228_800, 2_457_600, 3_000_000, 6_000_000,
  ]
}

/// One access to a register of the chip.
enum PL2303Access: Equatable, Sendable {
  case read(UInt16)
  case write(UInt16, UInt16)
}

/// Accesses to registers one after the other; what they fail with is logged, and goes no further where it does not
/// matter (`pl2303_vendor_read()`, `pl2303_vendor_write()`).
struct PL2303Call: HostRoutine {
  var place: InterfacePlace
  var accesses: [PL2303Access]
  var ignoresErrors: Bool
  private var asked = 0

  init(place: InterfacePlace, _ accesses: [PL2303Access], ignoresErrors: Bool = true) {
    self.place = place
    self.accesses = accesses
    self.ignoresErrors = ignoresErrors
  }

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    if asked > 0 {
      let ret = judge(&side, input.value)
      if ret < 0, !ignoresErrors { return .done(ret) }
    }
    guard asked < accesses.count else { return .done(HostValue(ret: 0, data: input.value.data)) }
    let isNew = side.bound(SerialDriver<PL2303>.self, place)?.chip.kind == .hxn
    asked += 1
    switch accesses[asked - 1] {
    case .read(let register):
      return .call(
        DriverRequest(
          type: 0xc0, request: isNew ? 0x81 : 0x01, value: register, length: 1, timeout: 100
        ).message(place.device))
    case .write(let register, let value):
      return .call(
        DriverRequest(
          type: 0x40, request: isNew ? 0x80 : 0x01, value: register, index: value, timeout: 100
        ).message(place.device))
    }
  }

  private func judge(_ side: inout some HostSide, _ value: HostValue) -> Int {
    switch accesses[asked - 1] {
    case .read(let register) where value.ret != 1:
      side.interfaceLog(
        PL2303.driver, place,
        "pl2303_vendor_read - failed to read [\(hex(UInt64(register), 4))]: \(value.ret)")
      return value.ret >= 0 ? Errno.EIO.negated : value.ret
    case .write(let register, _) where value.ret < 0:
      side.interfaceLog(
        PL2303.driver, place,
        "pl2303_vendor_write - failed to write [\(hex(UInt64(register), 4))]: \(value.ret)")
      return value.ret
    case .read, .write: return 0
    }
  }
}
