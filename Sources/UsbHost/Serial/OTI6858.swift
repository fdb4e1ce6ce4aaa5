import USB

/// `oti6858`: adapters with the chip of Ours Technology. All goes by its interrupt endpoint: whether the line is set
/// as it shall be, whether bytes came, and when some may be sent.
struct OTI6858: SerialChip {
  static let driver = "oti6858"
  static let needsInterrupt = true
  static let firstSpeed = 38_400
  static let drains = true
  static let canBreak = false
  static let writesAtOnce = false
  static let readsAtOnce = false
  static let ids = [UsbID(0x0ea0, 0x6858)]

  /// What the line shall be set to: divisor, form, control.
  var wanted = OTI6858Setup()
  /// The packet last believed; byte 6 tells of the lines.
  var lines: UInt8 = 0x1b
  /// Packets after which a line that is not as it shall be is set again; 0 while it is as it shall be.
  var transient = 0
  var isSet = false
  var isWriting = false

  func open(_ place: InterfacePlace, _ port: SerialPort) -> [any HostRoutine] {
    [
      ClearHalt(device: place.device, endpoint: port.bulkOut), Quietly(),
      ClearHalt(device: place.device, endpoint: port.bulkIn), Quietly(),
      OTI6858Open(place: place, line: port.line),
    ]
  }

  func close(_ place: InterfacePlace, _ port: SerialPort) -> [any HostRoutine] {
    [KillURBs(device: place.device, endpoints: port.endpoints)]
  }

  func setLine(
    _ place: InterfacePlace, _ line: LineSettings, old: LineSettings?
  ) -> (any HostRoutine)? { OTI6858Line(place: place, line: line) }

  func setReady(_ place: InterfacePlace, _ isReady: Bool) -> (any HostRoutine)? { nil }

  func setModem(
    _ place: InterfacePlace, _ lines: ModemLines, changing: ModemLines
  ) -> (any HostRoutine)? { OTI6858Modem(place: place, lines: lines, changing: changing) }

  func askModem(_ place: InterfacePlace, _ port: SerialPort) -> any HostRoutine {
    let bits: [(UInt8, ModemLines)] = [
      (0x20, .rts), (0x10, .cts), (0x08, .dsr), (0x04, .dtr), (0x02, .ring), (0x01, .carrier),
    ]
    var found: ModemLines = []
    for (bit, line) in bits where lines & bit != 0 { found.insert(line) }
    return Answer(found.rawValue)
  }

  /// `oti6858_read_int_callback()`.
  func notified(
    _ side: inout some HostSide, _ place: InterfacePlace, _ result: URBResult
  ) -> Bool {
    var chip = self
    var asksAgain = true
    var canReceive = false
    if result.status == 0, result.data.count == 8 {
      let isAsWanted = OTI6858Setup(result.data) == wanted
      let received = result.data[7]
      if transient == 0, !isAsWanted, received == 0 { asksAgain = chip.setAgain() }
      if transient > 0 {
        if isAsWanted {
          chip.transient = 0
        } else if !isSet {
          asksAgain = false
        } else {
          chip.transient -= 1
          if chip.transient == 0, received == 0 { asksAgain = chip.setAgain() }
        }
      }
      if chip.transient == 0 { chip.lines = result.data[6] }
      canReceive = chip.transient == 0 && received != 0
    }
    let setsAgain = !asksAgain && !chip.isSet && chip.transient == 4
    side.changeChip(Self.self, place) { $0 = chip }
    if setsAgain { side.startTask(.worker, OTI6858Set(place: place)) }
    if canReceive {
      side.receiveOTI6858(place)
      return false
    }
    let port = side.bound(SerialDriver<Self>.self, place)?.port
    if chip.transient == 0, !chip.isWriting, port?.fifo.isEmpty == false {
      side.startTask(.worker, OTI6858Send(place: place))
      return false
    }
    return asksAgain
  }

  /// The line is to be set again; the interrupt endpoint is asked once it is.
  private mutating func setAgain() -> Bool {
    transient = 4
    isSet = false
    return false
  }
}

/// How the chip's line is set, as its packets of eight bytes have it.
struct OTI6858Setup: Equatable, Sendable {
  var divisor: UInt16 = 0
  var form: UInt8 = 0
  var control: UInt8 = 0

  init() {}

  init(_ packet: [UInt8]) {
    divisor = UInt16(low: packet[0], high: packet[1])
    form = packet[2]
    control = packet[4]
  }

  /// `oti6858_set_termios()`: as a line shall be; hardware flow control raises both lines, without it both go down.
  mutating func change(_ line: LineSettings) {
    let speed = max(1, min(line.speed, 3_000_000))
    divisor = UInt16(truncatingIfNeeded: (96_000_000 + 8 * speed) / (16 * speed))
    form =
      form & 0xc0 | UInt8(clamping: max(5, min(8, line.bits)) - 5) | (line.stop == 2 ? 0x04 : 0)
    switch line.parity {
    case .none: break
    case .odd: form |= 0x08
    case .even: form |= 0x18
    }
    control = control & ~0x0c | (line.hardwareFlow ? 0x0c : 0)
  }

  /// A packet of the chip with these settings in it.
  func packet(_ old: [UInt8]) -> [UInt8] {
    var packet = old
    packet[0] = divisor.lowByte
    packet[1] = divisor.highByte
    packet[2] = form
    packet[4] = control
    return packet
  }
}
