import USB

/// `ftdi_sio`: adapters with chips of FTDI.
struct Ftdi: SerialChip {
  /// Chips by what they do differently (`enum ftdi_chip_type`).
  enum Kind: String, Equatable, Sendable {
    case sio = "SIO"
    case a = "FT232A"
    case b = "FT232B"
    case twoC = "FT2232C/D"
    case r = "FT232R"
    case twoH = "FT2232H"
    case fourH = "FT4232H"
    case h = "FT232H"
    case x = "FT-X"
  }

  static let driver = "ftdi_sio"
  static let title = "FTDI USB Serial Device"
  static let bulkInSize = 512
  static let bulkOutSize = 256
  static let ids = [
    UsbID(0x0403, 0x6001), UsbID(0x0403, 0x6006), UsbID(0x0403, 0x6010), UsbID(0x0403, 0x6011),
    UsbID(0x0403, 0x6014), UsbID(0x0403, 0x6015), UsbID(0x0403, 0x8372), UsbID(0x0403, 0x9e90),
    UsbID(0x0403, 0xcc48), UsbID(0x0403, 0xd010), UsbID(0x0403, 0xe0a0), UsbID(0x0403, 0xe6c8),
    UsbID(0x0403, 0xfa00), UsbID(0x0403, 0xff00), UsbID(0x0856, 0xac01), UsbID(0x093c, 0x0601),
    UsbID(0x0c52, 0x2101), UsbID(0x0f94, 0x0001), UsbID(0x1342, 0x0202), UsbID(0x1a79, 0x7395),
  ]

  var kind = Kind.r
  /// The port's number in requests; 0 for a chip with one port.
  var channel: UInt16 = 0
  /// What was last said of a word's form (`last_set_data_value`).
  var form: UInt16 = 0

  static func portProbe(_ place: InterfacePlace) -> (any HostRoutine)? { FtdiProbe(place: place) }

  func open(_ place: InterfacePlace, _ port: SerialPort) -> [any HostRoutine] {
    let reset = DriverRequest(type: 0x40, request: 0, index: channel)
    return [
      RequestList(device: place.device, [reset], ignoresErrors: true), Quietly(),
      FtdiLine(place: place, line: port.line, old: nil), Quietly(),
      StartReading<Self>(place: place),
    ]
  }

  func setLine(
    _ place: InterfacePlace, _ line: LineSettings, old: LineSettings?
  ) -> (any HostRoutine)? { FtdiLine(place: place, line: line, old: old) }

  func setReady(_ place: InterfacePlace, _ isReady: Bool) -> (any HostRoutine)? {
    let flow = DriverRequest(type: 0x40, request: 2, index: channel)
    let lines = DriverRequest(
      type: 0x40, request: 1, value: isReady ? 0x0303 : 0x0300, index: channel)
    return RequestList(
      device: place.device, isReady ? [lines] : [flow, lines], ignoresErrors: true)
  }

  func setModem(
    _ place: InterfacePlace, _ lines: ModemLines, changing: ModemLines
  ) -> (any HostRoutine)? {
    guard !changing.isDisjoint(with: [.dtr, .rts]) else { return nil }
    var value: UInt16 = 0
    if changing.contains(.dtr) { value |= lines.contains(.dtr) ? 0x0101 : 0x0100 }
    if changing.contains(.rts) { value |= lines.contains(.rts) ? 0x0202 : 0x0200 }
    return DriverRequest(type: 0x40, request: 1, value: value, index: channel).message(place.device)
  }

  func askModem(_ place: InterfacePlace, _ port: SerialPort) -> any HostRoutine {
    FtdiModem(place: place, bytes: kind == .sio ? 1 : 2)
  }

  func setBreak(_ place: InterfacePlace, _ isOn: Bool) -> (any HostRoutine)? {
    DriverRequest(type: 0x40, request: 4, value: form | (isOn ? 0x4000 : 0), index: channel)
      .message(place.device)
  }

  func isEmpty(_ place: InterfacePlace) -> (any HostRoutine)? {
    FtdiEmpty(place: place, bytes: kind == .sio ? 1 : 2)
  }

  /// Each packet begins with two bytes on the state of the line.
  func received(_ bytes: [UInt8], packet: Int) -> [UInt8] {
    stride(from: 0, to: bytes.count, by: max(3, packet)).flatMap {
      bytes[$0..<min(bytes.count, $0 + max(3, packet))].dropFirst(2)
    }
  }

  /// The request for the chip's idea of a speed.
  func speedRequest(_ speed: Int) -> DriverRequest {
    let divisor = FtdiDivisor.of(speed, kind)
    var index = UInt16(truncatingIfNeeded: divisor >> 16)
    if [.twoC, .twoH, .fourH, .h].contains(kind) { index = index << 8 | channel }
    return DriverRequest(
      type: 0x40, request: 3, value: UInt16(truncatingIfNeeded: divisor), index: index)
  }
}

/// Forgets an error: what comes after is done all the same.
struct Quietly: HostRoutine {
  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep { .done(0) }
}

/// Divisors of FTDI's chips (`ftdi_232am_baud_base_to_divisor()` and its like).
enum FtdiDivisor {
  static func of(_ speed: Int, _ kind: Ftdi.Kind) -> UInt32 {
    switch kind {
    case .sio: return slow[speed] ?? 5
    case .a: return first(speed)
    case .b, .twoC, .r, .x: return eighths(24_000_000, speed)
    case .twoH, .fourH, .h:
      guard speed >= 1200, speed <= 12_000_000 else { return eighths(24_000_000, speed) }
      return fast(speed)
    }
  }

  /// The first chip knows ten speeds by number.
  private static let slow: [Int: UInt32] = [
    300: 0, 600: 1, 1200: 2, 2400: 3, 4800: 4, 9600: 5, 19200: 6, 38400: 7, 57600: 8, 115200: 9,
  ]

  private static func closest(_ a: Int, _ b: Int) -> Int { (a + b / 2) / max(1, b) }

  private static func first(_ speed: Int) -> UInt32 {
    var eighths = closest(48_000_000, 2 * speed)
    if eighths & 7 == 7 { eighths += 1 }
    let whole = UInt32(truncatingIfNeeded: eighths >> 3)
    switch eighths & 7 {
    case 1: return whole | 0xc000
    case 4...: return whole | 0x4000
    case 0: return whole == 1 ? 0 : whole
    default: return whole | 0x8000
    }
  }

  /// Bits 14 and up stand for eighths, in an order of their own.
  private static let fractions: [UInt32] = [0, 3, 2, 4, 1, 5, 6, 7]

  private static func coded(_ eighths: Int) -> UInt32 {
    UInt32(truncatingIfNeeded: eighths >> 3) | fractions[eighths & 7] << 14
  }

  private static func eighths(_ base: Int, _ speed: Int) -> UInt32 {
    switch coded(closest(base, speed)) {
    case 1: 0
    case 0x4001: 1
    case let divisor: divisor
    }
  }

  private static func fast(_ speed: Int) -> UInt32 {
    var divisor = coded(closest(8 * 120_000_000, speed * 10))
    if divisor == 1 { divisor = 0 } else if divisor == 0x4001 { divisor = 1 }
    return divisor | 0x0002_0000
  }
}
