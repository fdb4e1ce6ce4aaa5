import USB

/// `ftdi_port_probe()`: which chip it is, its latency timer, and what it does with its other pins.
struct FtdiProbe: HostRoutine {
  private enum Stage: Equatable, Sendable {
    case start
    case read
    case written
    case pins
  }

  var place: InterfacePlace
  private var stage = Stage.start
  private var kind = Ftdi.Kind.r
  private var latency: UInt8 = 16

  init(place: InterfacePlace) { self.place = place }

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    let value = input.value
    switch stage {
    case .start: return start(&side)
    case .read:
      if value.ret == 1, let byte = value.data.first {
        latency = byte
      } else {
        say(
          &side, "Unable to read latency timer: \(value.ret >= 0 ? Errno.EIO.negated : value.ret)")
      }
      return write(&side)
    case .written:
      if value.ret < 0 { say(&side, "Unable to write latency timer: \(value.ret)") }
      return pins(&side)
    case .pins:
      if value.ret < 0 {
        say(&side, "GPIO initialisation failed: \(value.ret)")
      } else if [.h, .r, .x].contains(kind) {
        side.addNode(
          "gpiochip\(side.freeNumber("gpiochip"))", .character, driver: Ftdi.driver, place)
      }
      return .done(0)
    }
  }

  private mutating func say(_ side: inout some HostSide, _ text: String) {
    side.portLog(Ftdi.self, place, text)
  }

  private mutating func start(_ side: inout some HostSide) -> RoutineStep {
    guard let device = side.host.devices[place.device] else { return .done(Errno.ENODEV.negated) }
    guard let found = kind(device) else {
      say(&side, "unknown device type: 0x\(hex(UInt64(device.bcdDevice >> 8), 2))")
      return .done(Errno.ENODEV.negated)
    }
    kind = found
    let hasChannels =
      [.twoC, .twoH, .fourH, .h].contains(found)
      && (device.interfaceNumbers.count > 1 || found == .h)
    let channel = hasChannels ? UInt16(clamping: place.interface + 1) : 0
    side.changeChip(Ftdi.self, place) {
      $0.kind = found
      $0.channel = channel
    }
    side.deviceLog(place.device, "Detected \(found.rawValue)")
    guard found != .sio, found != .a else { return pins(&side) }
    stage = .read
    return .call(
      DriverRequest(type: 0xc0, request: 0x0a, index: channel, length: 1).message(place.device))
  }

  /// `ftdi_determine_type()`.
  private func kind(_ device: UsbDevice) -> Ftdi.Kind? {
    switch device.bcdDevice {
    case 0x0200: device.descriptor[16] == 0 ? .b : .a
    case 0x0400: .b
    case 0x0500: .twoC
    case 0x0600: .r
    case 0x0700: .twoH
    case 0x0800: .fourH
    case 0x0900: .h
    case 0x1000: .x
    case ..<0x0200: .sio
    default: nil
    }
  }

  private mutating func write(_ side: inout some HostSide) -> RoutineStep {
    stage = .written
    let channel = side.bound(SerialDriver<Ftdi>.self, place)?.chip.channel ?? 0
    return .call(
      DriverRequest(type: 0x40, request: 9, value: UInt16(latency), index: channel)
        .message(place.device))
  }

  /// `ftdi_gpio_init()`: words of the EEPROM say what the pins are for.
  private mutating func pins(_ side: inout some HostSide) -> RoutineStep {
    stage = .pins
    let words: [UInt16] =
      switch kind {
      case .h: [0x0c, 0x0d]
      case .r: [0x0a]
      case .x: [0x0d]
      case .sio, .a, .b, .twoC, .twoH, .fourH: []
      }
    return .call(
      RequestList(
        device: place.device,
        words.map { DriverRequest(type: 0xc0, request: 0x90, index: $0, length: 2) }))
  }
}

/// `ftdi_set_termios()`.
struct FtdiLine: HostRoutine {
  private enum Stage: Equatable, Sendable {
    case start
    case form
    case speed
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
    guard let chip = side.bound(SerialDriver<Ftdi>.self, place)?.chip else { return .done(0) }
    let ret = input.value.ret
    switch stage {
    case .start: return start(&side, chip)
    case .form:
      if ret < 0 {
        side.portLog(Ftdi.self, place, "ftdi_set_termios FAILED to set databits/stopbits/parity")
      }
      return speed(chip)
    case .speed:
      if ret < 0 {
        side.portLog(Ftdi.self, place, "ftdi_set_termios urb failed to set baudrate")
      }
      return flow(chip)
    case .flow:
      if ret < 0 { side.portLog(Ftdi.self, place, "failed to set flow control: \(ret)") }
      return .done(0)
    }
  }

  /// The hardware's side of the settings (`c_cflag` and the speed).
  private func hardware(_ line: LineSettings) -> LineSettings {
    var line = line
    line.softwareFlow = false
    return line
  }

  private mutating func start(_ side: inout some HostSide, _ chip: Ftdi) -> RoutineStep {
    guard old.map(hardware) != hardware(line) else { return flow(chip) }
    if let old, old.bits == line.bits, old.parity == line.parity, old.stop == line.stop {
      return speed(chip)
    }
    let parity: UInt16 =
      switch line.parity {
      case .none: 0
      case .odd: 0x0100
      case .even: 0x0200
      }
    let form = UInt16(clamping: max(7, line.bits)) | parity | (line.stop == 2 ? 0x1000 : 0)
    side.changeChip(Ftdi.self, place) { $0.form = form }
    stage = .form
    return .call(
      DriverRequest(type: 0x40, request: 4, value: form, index: chip.channel).message(place.device))
  }

  private mutating func speed(_ chip: Ftdi) -> RoutineStep {
    stage = .speed
    return .call(chip.speedRequest(line.speed).message(place.device))
  }

  private mutating func flow(_ chip: Ftdi) -> RoutineStep {
    stage = .flow
    let kind: UInt16 = line.hardwareFlow ? 0x0100 : line.softwareFlow ? 0x0400 : 0
    let value: UInt16 = kind == 0x0400 ? 0x1311 : 0
    return .call(
      DriverRequest(type: 0x40, request: 2, value: value, index: kind | chip.channel)
        .message(place.device))
  }
}

/// `ftdi_tiocmget()`.
struct FtdiModem: HostRoutine {
  var place: InterfacePlace
  var bytes: Int
  private var asked = false

  init(place: InterfacePlace, bytes: Int) {
    self.place = place
    self.bytes = bytes
  }

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    guard let driver = side.bound(SerialDriver<Ftdi>.self, place) else {
      return .done(Errno.ENODEV.negated)
    }
    guard asked else {
      asked = true
      return .call(
        DriverRequest(type: 0xc0, request: 5, index: driver.chip.channel, length: bytes)
          .message(place.device))
    }
    guard input.value.ret >= 0, let status = input.value.data.first else {
      let ret = input.value.ret < 0 ? input.value.ret : Errno.EIO.negated
      side.portLog(Ftdi.self, place, "failed to get modem status: \(ret)")
      return .done(translated(ret))
    }
    var lines = driver.port.modem
    let bits: [(UInt8, ModemLines)] = [
      (0x20, .dsr), (0x10, .cts), (0x40, .ring), (0x80, .carrier),
    ]
    for (bit, line) in bits where status & bit != 0 { lines.insert(line) }
    return .done(lines.rawValue)
  }
}

/// `ftdi_tx_empty()`.
struct FtdiEmpty: HostRoutine {
  var place: InterfacePlace
  var bytes: Int
  private var asked = false

  init(place: InterfacePlace, bytes: Int) {
    self.place = place
    self.bytes = bytes
  }

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    guard asked else {
      asked = true
      let channel = side.bound(SerialDriver<Ftdi>.self, place)?.chip.channel ?? 0
      return .call(
        DriverRequest(type: 0xc0, request: 5, index: channel, length: bytes).message(place.device))
    }
    if input.value.ret < 0 {
      side.portLog(Ftdi.self, place, "failed to get modem status: \(input.value.ret)")
    }
    let data = input.value.data
    return .done(input.value.ret == 2 && data.count > 1 && data[1] & 0x40 == 0 ? 0 : 1)
  }
}
