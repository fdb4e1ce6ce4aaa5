import USB

/// `ch341`: adapters with chips CH340 and CH341.
struct CH341: SerialChip {
  static let driver = "ch341"
  static let portDriver = "ch341-uart"
  static let needsInterrupt = false
  static let ids = [
    UsbID(0x1a86, 0x5523), UsbID(0x1a86, 0x7522), UsbID(0x1a86, 0x7523), UsbID(0x1a86, 0xe523),
    UsbID(0x2184, 0x0057), UsbID(0x4348, 0x5523), UsbID(0x9986, 0x7523),
  ]

  var version: UInt8 = 0
  var speed = 9600
  /// The line control register: receiver, transmitter and the form of a word.
  var form: UInt8 = 0xc3
  /// The lines raised: DTR 20h, RTS 40h.
  var control: UInt8 = 0
  /// The lines of the other side: CTS, DSR, RI and DCD in bits 0 to 3.
  var status: UInt8 = 0
  /// True of clones that cannot send a break and know only slow clocks.
  var isLimited = false

  static func portProbe(_ place: InterfacePlace) -> (any HostRoutine)? { CH341Probe(place: place) }

  func open(_ place: InterfacePlace, _ port: SerialPort) -> [any HostRoutine] {
    [
      CH341Line(place: place, line: port.line, old: nil), StartInterrupt<Self>(place: place),
      CH341Status(place: place), StartReading<Self>(place: place),
    ]
  }

  func setLine(
    _ place: InterfacePlace, _ line: LineSettings, old: LineSettings?
  ) -> (any HostRoutine)? {
    if var old {
      old.softwareFlow = line.softwareFlow
      if old == line { return nil }
    }
    return CH341Line(place: place, line: line, old: old)
  }

  func setModem(
    _ place: InterfacePlace, _ lines: ModemLines, changing: ModemLines
  ) -> (any HostRoutine)? { CH341Lines(place: place, lines: lines) }

  func askModem(_ place: InterfacePlace, _ port: SerialPort) -> any HostRoutine {
    var lines: ModemLines = []
    if control & 0x20 != 0 { lines.insert(.dtr) }
    if control & 0x40 != 0 { lines.insert(.rts) }
    let bits: [(UInt8, ModemLines)] = [(1, .cts), (2, .dsr), (4, .ring), (8, .carrier)]
    for (bit, line) in bits where status & bit != 0 { lines.insert(line) }
    return Answer(lines.rawValue)
  }

  func setBreak(_ place: InterfacePlace, _ isOn: Bool) -> (any HostRoutine)? {
    isLimited ? nil : CH341Break(place: place, isOn: isOn)
  }

  func notified(
    _ side: inout some HostSide, _ place: InterfacePlace, _ result: URBResult
  ) -> Bool {
    if result.status == 0, result.data.count >= 4 {
      let status = ~result.data[2] & 0x0f
      side.changeChip(Self.self, place) { $0.status = status }
    }
    return true
  }

  /// `ch341_set_baudrate_lcr()`; nil for a speed that is out of reach.
  func speedRequests(_ speed: Int, _ form: UInt8) -> [DriverRequest]? {
    guard var divisor = divisor(speed) else { return nil }
    if version > 0x27 { divisor |= 0x80 }
    let write = DriverRequest(
      type: 0x40, request: 0x9a, value: 0x1312, index: divisor, timeout: 1000)
    guard version >= 0x30 else { return [write] }
    return [
      write,
      DriverRequest(
        type: 0x40, request: 0x9a, value: 0x2518, index: UInt16(form), timeout: 1000),
    ]
  }

  /// The lines raised are told inverted.
  static func handshake(_ control: UInt8) -> DriverRequest {
    DriverRequest(type: 0x40, request: 0xa4, value: ~UInt16(control), timeout: 1000)
  }

  /// `ch341_get_divisor()`: a clock of 48 MHz, a prescaler of four steps and an eight-bit divisor.
  private func divisor(_ asked: Int) -> UInt16? {
    func clock(_ scale: Int, _ factor: Int) -> Int { 1 << (12 - 3 * scale - factor) }
    let base = 48_000_000
    let speed = min(max(asked, (base + 4096 * 256 - 1) / (4096 * 256)), 2_000_000)
    guard let scale = (0...3).reversed().first(where: { speed > base / (clock($0, 1) * 512) })
    else { return nil }
    var factor = 1
    var step = clock(scale, factor)
    var divisor = base / (step * speed)
    if divisor < 9 || divisor > 255 || isLimited && scale < 3 {
      divisor /= 2
      step *= 2
      factor = 0
    }
    guard divisor >= 2 else { return nil }
    let above = 16 * base / (step * divisor) - 16 * speed
    if above >= 16 * speed - 16 * base / (step * (divisor + 1)) { divisor += 1 }
    if factor == 1, divisor % 2 == 0 {
      divisor /= 2
      factor = 0
    }
    return UInt16(truncatingIfNeeded: (0x100 - divisor) << 8 | factor << 2 | scale)
  }
}

/// A request to the chip; what it fails with is logged (`ch341_control_out()`, `ch341_control_in()`).
struct CH341Call: HostRoutine {
  var place: InterfacePlace
  var requests: [DriverRequest]
  private var asked = 0

  init(place: InterfacePlace, _ requests: [DriverRequest]) {
    self.place = place
    self.requests = requests
  }

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    var value = input.value
    if asked > 0 {
      let request = requests[asked - 1]
      let isIn = request.type & 0x80 != 0
      if isIn, value.ret >= 0, value.ret < request.length { value.ret = Errno.EREMOTEIO.negated }
      if value.ret < 0 {
        let verb = isIn ? "receive" : "send"
        side.deviceLog(place.device, "failed to \(verb) control message: \(value.ret)")
        return .done(value)
      }
    }
    guard asked < requests.count else { return .done(value) }
    asked += 1
    return .call(requests[asked - 1].message(place.device))
  }
}

/// `ch341_port_probe()`.
struct CH341Probe: HostRoutine {
  private enum Stage: Equatable, Sendable {
    case start
    case version
    case configured
    case quirks
  }

  var place: InterfacePlace
  private var stage = Stage.start

  init(place: InterfacePlace) { self.place = place }

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    let value = input.value
    switch stage {
    case .start:
      stage = .version
      return .call(
        CH341Call(
          place: place, [DriverRequest(type: 0xc0, request: 0x5f, length: 2, timeout: 1000)]))
    case .version:
      guard value.ret >= 0 else { return .done(value.ret) }
      side.changeChip(CH341.self, place) { $0.version = value.data.first ?? 0 }
      let chip = side.bound(SerialDriver<CH341>.self, place)?.chip ?? CH341()
      stage = .configured
      let begin = DriverRequest(type: 0x40, request: 0xa1, timeout: 1000)
      return .call(
        CH341Call(
          place: place,
          [begin] + (chip.speedRequests(chip.speed, chip.form) ?? []) + [CH341.handshake(0)]))
    case .configured:
      guard value.ret >= 0 else { return .done(value.ret) }
      stage = .quirks
      return .call(
        DriverRequest(type: 0xc0, request: 0x95, value: 0x0005, length: 2, timeout: 1000)
          .message(place.device))
    case .quirks: return quirks(&side, value)
    }
  }

  /// `ch341_detect_quirks()`: clones know no register for breaks.
  private func quirks(_ side: inout some HostSide, _ value: HostValue) -> RoutineStep {
    let ret = value.ret >= 0 && value.ret < 2 ? Errno.EREMOTEIO.negated : value.ret
    if ret == Errno.EPIPE.negated {
      side.portLog(CH341.self, place, "break control not supported, using simulated break")
      side.changeChip(CH341.self, place) { $0.isLimited = true }
    } else if ret < 0 {
      side.portLog(CH341.self, place, "failed to read break control: \(ret)")
      return .done(ret)
    }
    return .done(0)
  }
}

/// `ch341_set_termios()`.
struct CH341Line: HostRoutine {
  private enum Stage: Equatable, Sendable {
    case start
    case set
    case shaken
  }

  var place: InterfacePlace
  var line: LineSettings
  var old: LineSettings?
  private var stage = Stage.start
  private var form: UInt8 = 0

  init(place: InterfacePlace, line: LineSettings, old: LineSettings?) {
    self.place = place
    self.line = line
    self.old = old
  }

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    guard let chip = side.bound(SerialDriver<CH341>.self, place)?.chip else { return .done(0) }
    switch stage {
    case .start:
      form = 0xc0 | UInt8(clamping: max(5, min(8, line.bits)) - 5)
      switch line.parity {
      case .none: break
      case .odd: form |= 0x08
      case .even: form |= 0x18
      }
      if line.stop == 2 { form |= 0x04 }
      let speed = line.speed
      side.changeChip(CH341.self, place) { $0.speed = speed }
      guard let requests = chip.speedRequests(line.speed, form) else { return shake(chip) }
      stage = .set
      return .call(CH341Call(place: place, requests))
    case .set:
      let form = form
      if input.value.ret >= 0 { side.changeChip(CH341.self, place) { $0.form = form } }
      return shake(chip)
    case .shaken: return .done(0)
    }
  }

  private mutating func shake(_ chip: CH341) -> RoutineStep {
    stage = .shaken
    return .call(CH341Call(place: place, [CH341.handshake(chip.control)]))
  }
}
