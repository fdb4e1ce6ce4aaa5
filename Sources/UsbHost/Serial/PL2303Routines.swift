import USB

/// `pl2303_startup()`: finds out which chip it is and wakes it with a fixed series of accesses.
struct PL2303Startup: HostRoutine {
  private enum Stage: Equatable, Sendable {
    case start
    case asked
    case woken
  }

  var place: InterfacePlace
  private var stage = Stage.start

  init(place: InterfacePlace) { self.place = place }

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    guard let device = side.host.devices[place.device] else { return .done(Errno.ENODEV.negated) }
    switch stage {
    case .start:
      guard let (kind, hasStatus) = Self.kind(device) else {
        side.interfaceLog(
          PL2303.driver, place, "unknown device type, please report to linux-usb@vger.kernel.org")
        return .done(Errno.ENODEV.negated)
      }
      guard hasStatus else { return wake(&side, kind) }
      stage = .asked
      return .call(
        DriverRequest(type: 0xc0, request: 0x01, value: 0x8080, length: 1, timeout: 100)
          .message(place.device))
    case .asked:
      let hasStatus = input.value.ret == 1
      return wake(&side, !hasStatus ? .hxn : device.bcdDevice == 0x0300 ? .ta : .tb)
    case .woken: return .done(0)
    }
  }

  /// `pl2303_detect_type()`: the kind, and whether a status register decides between two; nil when unknown.
  private static func kind(_ device: UsbDevice) -> (PL2303.Kind, asks: Bool)? {
    if device.descriptor[4] == 2 || device.descriptor[7] != 64 { return (.h, false) }
    switch (device.bcdUSB, device.bcdDevice) {
    case (0x0101, 0x0400), (0x0110, 0x0400): return (.hxd, false)
    case (0x0101, _), (0x0110, _): return (.hx, false)
    case (0x0200, 0x0300): return (.ta, true)
    case (0x0200, 0x0500): return (.tb, true)
    case (0x0200, 0x0100), (0x0200, 0x0105), (0x0200, 0x0305), (0x0200, 0x0400), (0x0200, 0x0405),
      (0x0200, 0x0505), (0x0200, 0x0600), (0x0200, 0x0605), (0x0200, 0x0700), (0x0200, 0x0705),
      (0x0200, 0x0905), (0x0200, 0x1005):
      return (.hxn, false)
    default: return nil
    }
  }

  private mutating func wake(_ side: inout some HostSide, _ kind: PL2303.Kind) -> RoutineStep {
    side.changeChip(PL2303.self, place) { $0.kind = kind }
    stage = .woken
    guard kind != .hxn else { return .done(0) }
    return .call(
      PL2303Call(
        place: place,
        [
          .read(0x8484), .write(0x0404, 0), .read(0x8484), .read(0x8383), .read(0x8484),
          .write(0x0404, 1), .read(0x8484), .read(0x8383), .write(0, 1), .write(1, 0),
          .write(2, kind == .h ? 0x24 : 0x44),
        ]))
  }
}

/// `pl2303_set_termios()`.
struct PL2303Line: HostRoutine {
  private enum Stage: Equatable, Sendable {
    case start
    case read
    case set
    case flowRead
    case flowWritten
  }

  var place: InterfacePlace
  var line: LineSettings
  var old: LineSettings?
  private var stage = Stage.start
  private var form: [UInt8] = []

  init(place: InterfacePlace, line: LineSettings, old: LineSettings?) {
    self.place = place
    self.line = line
    self.old = old
  }

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    guard let chip = side.bound(SerialDriver<PL2303>.self, place)?.chip else { return .done(0) }
    let value = input.value
    switch stage {
    case .start:
      stage = .read
      return .call(
        DriverRequest(type: 0xa1, request: 0x21, length: 7, timeout: 100).message(place.device))
    case .read: return set(&side, chip, value)
    case .set:
      let form = form
      if value.ret >= 0 {
        side.changeChip(PL2303.self, place) { $0.form = form }
      } else {
        side.portLog(PL2303.self, place, "pl2303_set_line_request - failed: \(value.ret)")
      }
      return flow(chip)
    case .flowRead:
      guard value.ret >= 0, let byte = value.data.first else { return .done(0) }
      let (register, mask, bits) = setting(chip.kind)
      stage = .flowWritten
      return .call(
        PL2303Call(place: place, [.write(register, UInt16(byte) & ~mask | bits)]))
    case .flowWritten: return .done(0)
    }
  }

  private mutating func set(
    _ side: inout some HostSide, _ chip: PL2303, _ value: HostValue
  ) -> RoutineStep {
    if value.ret != 7 {
      let ret = value.ret >= 0 ? Errno.EIO.negated : value.ret
      side.portLog(PL2303.self, place, "pl2303_get_line_request - failed: \(ret)")
    }
    let stop: UInt8 = line.stop == 1 ? 0 : line.bits == 5 ? 1 : 2
    let parity: UInt8 =
      switch line.parity {
      case .none: 0
      case .odd: 1
      case .even: 2
      }
    form = chip.speed(line.speed) + [stop, parity, UInt8(clamping: line.bits)]
    // Some chips lose bytes when they are set to what they are set to already.
    if old != nil, form == chip.form { return flow(chip) }
    stage = .set
    return .call(
      DriverRequest(type: 0x21, request: 0x20, data: form, timeout: 100).message(place.device))
  }

  /// The register of flow control, the bits that matter and how they shall be.
  private func setting(_ kind: PL2303.Kind) -> (register: UInt16, mask: UInt16, bits: UInt16) {
    kind == .hxn
      ? (0x0a, 0x1c, line.hardwareFlow ? 0x18 : line.softwareFlow ? 0x0c : 0x1c)
      : (0, 0xf0, line.hardwareFlow ? 0x60 : line.softwareFlow ? 0xc0 : 0)
  }

  private mutating func flow(_ chip: PL2303) -> RoutineStep {
    if chip.kind == .h {
      stage = .flowWritten
      return .call(PL2303Call(place: place, [.write(0, line.hardwareFlow ? 0x41 : 0)]))
    }
    let register = setting(chip.kind).register
    stage = .flowRead
    return .call(
      PL2303Call(
        place: place, [.read(chip.kind == .hxn ? register : register | 0x80)], ignoresErrors: false)
    )
  }
}

/// `pl2303_set_break()`.
struct PL2303Break: HostRoutine {
  var place: InterfacePlace
  var isOn: Bool
  private var asked = false

  init(place: InterfacePlace, isOn: Bool) {
    self.place = place
    self.isOn = isOn
  }

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    guard asked else {
      asked = true
      return .call(
        DriverRequest(type: 0x21, request: 0x23, value: isOn ? 0xffff : 0, timeout: 100)
          .message(place.device))
    }
    if input.value.ret < 0 {
      side.portLog(PL2303.self, place, "error sending break = \(input.value.ret)")
    }
    return .done(min(0, input.value.ret))
  }
}
