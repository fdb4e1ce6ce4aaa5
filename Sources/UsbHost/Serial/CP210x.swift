import USB

/// `cp210x`: adapters with chips of Silicon Labs.
struct CP210x: SerialChip {
  static let driver = "cp210x"
  static let bulkInSize = 256
  static let bulkOutSize = 256
  static let ids = [
    UsbID(0x10c4, 0xea60), UsbID(0x10c4, 0xea61), UsbID(0x10c4, 0xea63), UsbID(0x10c4, 0xea70),
    UsbID(0x10c4, 0xea71), UsbID(0x10c4, 0xea7a), UsbID(0x10c4, 0xea7b), UsbID(0x10c4, 0x8044),
    UsbID(0x10c4, 0x80a9), UsbID(0x10c4, 0x80ca), UsbID(0x10c4, 0x814a), UsbID(0x10c4, 0x8115),
    UsbID(0x0489, 0xe000), UsbID(0x045b, 0x0053), UsbID(0x0471, 0x066a), UsbID(0x0fcf, 0x1003),
    UsbID(0x10b5, 0xac70), UsbID(0x1555, 0x0004), UsbID(0x166a, 0x0201), UsbID(0x16d6, 0x0001),
    UsbID(0x17f4, 0xaaaa), UsbID(0x1843, 0x0200), UsbID(0x18ef, 0xe00f), UsbID(0x1adb, 0x0001),
    UsbID(0x1be3, 0x07a6), UsbID(0x2405, 0x0003), UsbID(0x3195, 0xf190), UsbID(0x413c, 0x9500),
  ]

  /// What the chip says it is; FFh unknown.
  var part: UInt8 = 0xff
  /// True while RTS is left to the chip.
  var flows = false

  static func attach(_ place: InterfacePlace) -> (any HostRoutine)? { CP210xAttach(place: place) }

  func open(_ place: InterfacePlace, _ port: SerialPort) -> [any HostRoutine] {
    [
      CP210xEnable(place: place), CP210xLine(place: place, line: port.line, old: nil), Quietly(),
      StartReading<Self>(place: place),
    ]
  }

  func close(_ place: InterfacePlace, _ port: SerialPort) -> [any HostRoutine] {
    [
      KillURBs(device: place.device, endpoints: port.endpoints),
      CP210xCall(place: place, [.set(0x12, 0x000f)]), CP210xCall(place: place, [.set(0x00, 0)]),
    ]
  }

  func setLine(
    _ place: InterfacePlace, _ line: LineSettings, old: LineSettings?
  ) -> (any HostRoutine)? { old == line ? nil : CP210xLine(place: place, line: line, old: old) }

  func setModem(
    _ place: InterfacePlace, _ lines: ModemLines, changing: ModemLines
  ) -> (any HostRoutine)? {
    var control: UInt16 = 0
    if changing.contains(.dtr) { control |= lines.contains(.dtr) ? 0x0101 : 0x0100 }
    if changing.contains(.rts) { control |= lines.contains(.rts) ? 0x0202 : 0x0200 }
    return flows
      ? CP210xFlow(place: place, line: nil, lines: lines)
      : CP210xCall(place: place, [.set(0x07, control)])
  }

  func askModem(_ place: InterfacePlace, _ port: SerialPort) -> any HostRoutine {
    CP210xModem(place: place)
  }

  func setBreak(_ place: InterfacePlace, _ isOn: Bool) -> (any HostRoutine)? {
    CP210xCall(place: place, [.set(0x05, isOn ? 1 : 0)])
  }

  func isEmpty(_ place: InterfacePlace) -> (any HostRoutine)? { CP210xEmpty(place: place) }
}

/// One request to a chip of Silicon Labs.
enum CP210xRequest: Equatable, Sendable {
  /// A number in the setup packet.
  case set(UInt8, UInt16)
  /// A block of bytes.
  case write(UInt8, [UInt8])
  case read(UInt8, Int)
}

/// Requests to the chip, one after the other; what they fail with is logged
/// (`cp210x_write_u16_reg()`, `cp210x_write_reg_block()`, `cp210x_read_reg_block()`).
struct CP210xCall: HostRoutine {
  var place: InterfacePlace
  var requests: [CP210xRequest]
  private var asked = 0

  init(place: InterfacePlace, _ requests: [CP210xRequest]) {
    self.place = place
    self.requests = requests
  }

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    if asked > 0 {
      let ret = judge(&side, requests[asked - 1], input.value)
      if ret < 0 || asked == requests.count {
        return .done(HostValue(ret: min(0, ret), data: input.value.data))
      }
    }
    asked += 1
    let index = UInt16(clamping: place.interface)
    switch requests[asked - 1] {
    case .set(let request, let value):
      return .call(
        DriverRequest(type: 0x41, request: request, value: value, index: index)
          .message(place.device))
    case .write(let request, let data):
      return .call(
        DriverRequest(type: 0x41, request: request, index: index, data: data)
          .message(place.device))
    case .read(let request, let length):
      return .call(
        DriverRequest(type: 0xc1, request: request, index: index, length: length)
          .message(place.device))
    }
  }

  private func judge(
    _ side: inout some HostSide, _ request: CP210xRequest, _ value: HostValue
  ) -> Int {
    switch request {
    case .set(let number, _):
      if value.ret < 0 {
        side.portLog(CP210x.self, place, "failed set request 0x\(hex(number)) status: \(value.ret)")
      }
      return value.ret
    case .write(let number, let data):
      if value.ret < 0 {
        side.portLog(
          CP210x.self, place,
          "failed set req 0x\(hex(number)) size \(data.count) status: \(value.ret)")
      }
      return value.ret
    case .read(let number, let length):
      guard value.ret != length else { return 0 }
      // A short answer is none (`usb_control_msg_recv()`).
      let ret = value.ret >= 0 ? Errno.EREMOTEIO.negated : value.ret
      side.portLog(
        CP210x.self, place, "failed get req 0x\(hex(number)) size \(length) status: \(ret)")
      return ret
    }
  }

  private func hex(_ number: UInt8) -> String { String(number, radix: 16) }
}

/// `cp210x_attach()`: which chip it is.
struct CP210xAttach: HostRoutine {
  private enum Stage: Equatable, Sendable {
    case start
    case part
    case quirk
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
      stage = .part
      return ask(value: 0x370b, length: 1)
    case .part:
      guard value.ret == 1, let part = value.data.first else {
        vendorFailed(&side, 0x370b, 1, value.ret)
        side.interfaceLog(CP210x.driver, place, "querying part number failed")
        return .done(0)
      }
      side.changeChip(CP210x.self, place) { $0.part = part }
      stage = .quirk
      switch part {
      // A forged CP2102 answers with one byte when it is asked for two.
      case 0x02: return ask(value: 0x370b, length: 2)
      case 0x04: return ask(value: 0x370c, length: 75)
      case 0x05: return ask(value: 0x000e, length: 3)
      case 0x08: return ask(value: 0x370c, length: 73)
      case 0x20, 0x21, 0x22: return ask(value: 0x0010, length: 3)
      default: return .done(0)
      }
    case .quirk: return .done(0)
    }
  }

  private func ask(value: UInt16, length: Int) -> RoutineStep {
    .call(
      DriverRequest(type: 0xc0, request: 0xff, value: value, length: length).message(place.device))
  }

  /// `cp210x_read_vendor_block()` failed.
  private func vendorFailed(
    _ side: inout some HostSide, _ what: UInt16, _ length: Int, _ ret: Int
  ) {
    side.interfaceLog(
      CP210x.driver, place,
      "failed to get vendor val 0x\(hex(UInt64(what), 4)) size \(length): \(ret)")
  }
}

/// The first step of `cp210x_open()`.
struct CP210xEnable: HostRoutine {
  var place: InterfacePlace
  private var asked = false

  init(place: InterfacePlace) { self.place = place }

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    guard asked else {
      asked = true
      return .call(CP210xCall(place: place, [.set(0x00, 1)]))
    }
    if input.value.ret < 0 {
      side.portLog(CP210x.self, place, "cp210x_open - Unable to enable UART")
    }
    return .done(input.value.ret)
  }
}

/// `cp210x_set_termios()`.
struct CP210xLine: HostRoutine {
  private enum Stage: Equatable, Sendable {
    case start
    case speed
    case form
    case flow
  }

  var place: InterfacePlace
  var line: LineSettings
  var old: LineSettings?
  private var stage = Stage.start

  init(place: InterfacePlace, line: LineSettings, old: LineSettings?) {
    self.place = place
    self.line = line
    self.old = old
  }

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    switch stage {
    case .start:
      guard old?.speed != line.speed else { return form(side) }
      stage = .speed
      let speed = (0..<4).map { UInt8(truncatingIfNeeded: line.speed >> (8 * $0)) }
      return .call(CP210xCall(place: place, [.write(0x1e, speed)]))
    case .speed: return form(side)
    case .form: return flow(side)
    case .flow: return .done(0)
    }
  }

  private mutating func form(_ side: some HostSide) -> RoutineStep {
    if let old, old.bits == line.bits, old.parity == line.parity, old.stop == line.stop,
      old.hardwareFlow == line.hardwareFlow
    {
      return flow(side)
    }
    let parity: UInt16 =
      switch line.parity {
      case .none: 0
      case .odd: 0x10
      case .even: 0x20
      }
    let stop: UInt16 = line.stop == 2 ? 2 : 0
    stage = .form
    return .call(
      CP210xCall(place: place, [.set(0x03, UInt16(clamping: line.bits) << 8 | parity | stop)]))
  }

  private mutating func flow(_ side: some HostSide) -> RoutineStep {
    if let old, old.hardwareFlow == line.hardwareFlow, old.softwareFlow == line.softwareFlow {
      return .done(0)
    }
    stage = .flow
    let lines = side.bound(SerialDriver<CP210x>.self, place)?.port.modem ?? []
    return .call(CP210xFlow(place: place, line: line, lines: lines))
  }
}
