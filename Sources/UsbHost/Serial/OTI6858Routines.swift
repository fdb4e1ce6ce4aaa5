import USB

/// The end of `oti6858_open()`: the chip's state, then its notifications, then how the line shall be.
struct OTI6858Open: HostRoutine {
  var place: InterfacePlace
  var line: LineSettings
  private var asked = false
  private var begun = false

  init(place: InterfacePlace, line: LineSettings) {
    self.place = place
    self.line = line
  }

  static func status(_ place: InterfacePlace) -> ControlMessage {
    DriverRequest(type: 0xc0, request: 0x01, length: 8, timeout: 100).message(place.device)
  }

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    guard asked else {
      asked = true
      return .call(Self.status(place))
    }
    guard !begun else {
      // The chip is told how the line shall be only after its first packet was asked for.
      let line = line
      side.changeChip(OTI6858.self, place) { $0.wanted.change(line) }
      return .done(0)
    }
    begun = true
    let answer = input.value
    let status = answer.ret == 8 && answer.data.count == 8 ? answer.data : Self.afterPowerOn
    side.changeChip(OTI6858.self, place) {
      $0 = OTI6858()
      $0.lines = status[6]
      $0.wanted = OTI6858Setup(status)
    }
    let ret = side.readNotification(OTI6858.self, place)
    if ret < 0 {
      side.portLog(
        OTI6858.self, place, "oti6858_open(): usb_submit_urb() failed with error \(ret)")
      return .done(ret)
    }
    return .pause(Self.working)
  }

  /// What a chip that does not answer is taken to say.
  private static let afterPowerOn: [UInt8] = [0x9c, 0, 0x03, 0x43, 0x4c, 0, 0x5b, 0]
  /// Microseconds the rest of opening takes: the controller's first turn is over by then, and its second one, in
  /// which the packet asked for again comes, is not.
  private static let working: Microseconds = 200
}

/// `oti6858_set_termios()`: says what the line shall be; the next notification sees to it.
struct OTI6858Line: HostRoutine {
  var place: InterfacePlace
  var line: LineSettings

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    let line = line
    side.changeChip(OTI6858.self, place) { $0.wanted.change(line) }
    return .done(0)
  }
}

/// `oti6858_tiocmset()`.
struct OTI6858Modem: HostRoutine {
  var place: InterfacePlace
  var lines: ModemLines
  var changing: ModemLines

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    let bits: [(ModemLines, UInt8)] = [(.rts, 0x04), (.dtr, 0x08)]
    for (line, bit) in bits where changing.contains(line) {
      let isOn = lines.contains(line)
      side.changeChip(OTI6858.self, place) {
        $0.wanted.control = $0.wanted.control & ~bit | (isOn ? bit : 0)
      }
    }
    return .done(0)
  }
}

/// `setup_line()`: reads how the line is set and writes how it shall be.
struct OTI6858Set: HostRoutine {
  private enum Stage: Equatable, Sendable {
    case start
    case read
    case written
    case waited
  }

  var place: InterfacePlace
  private var stage = Stage.start

  init(place: InterfacePlace) { self.place = place }

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    guard let driver = side.bound(SerialDriver<OTI6858>.self, place), driver.port.isOpen else {
      return .done(0)
    }
    switch stage {
    case .start, .waited:
      stage = .read
      return .call(OTI6858Open.status(place))
    case .read:
      let packet = input.value.data
      guard input.value.ret == 8, packet.count == 8 else {
        side.portLog(OTI6858.self, place, "setup_line(): error reading status")
        stage = .waited
        return .delayed(milliseconds: 2, now: side.now)
      }
      guard OTI6858Setup(packet) != driver.chip.wanted else { return isSet(&side, written: false) }
      stage = .written
      return .call(
        DriverRequest(
          type: 0x40, request: 0x00, data: driver.chip.wanted.packet(packet), timeout: 100
        ).message(place.device))
    case .written: return isSet(&side, written: input.value.ret == 8)
    }
  }

  private func isSet(_ side: inout some HostSide, written: Bool) -> RoutineStep {
    side.changeChip(OTI6858.self, place) {
      $0.isSet = true
      if !written { $0.transient = 0 }
    }
    let ret = side.readNotification(OTI6858.self, place)
    if ret < 0 {
      side.portLog(OTI6858.self, place, "setup_line(): usb_submit_urb() failed with error \(ret)")
    }
    return .done(0)
  }
}

/// `send_data()`: asks whether there is room, then writes.
struct OTI6858Send: HostRoutine {
  var place: InterfacePlace
  private var asked = 0

  init(place: InterfacePlace) { self.place = place }

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    guard let driver = side.bound(SerialDriver<OTI6858>.self, place), driver.port.isOpen else {
      return .done(0)
    }
    guard asked > 0 else {
      if driver.chip.isWriting { return .done(0) }
      side.changeChip(OTI6858.self, place) { $0.isWriting = true }
      asked = min(driver.port.fifo.count, driver.port.outSize)
      guard asked > 0 else { return nothing(&side) }
      return .call(
        DriverRequest(
          type: 0xc1, request: 0x00, value: UInt16(clamping: asked), length: 1, timeout: 100
        ).message(place.device))
    }
    guard input.value.ret == 1, input.value.data.first == 0 else { return nothing(&side) }
    let bytes = Array(driver.port.fifo.prefix(asked))
    side.change(SerialDriver<OTI6858>.self, place) { $0.port.fifo.removeFirst(bytes.count) }
    let result = side.submit(
      place, driver.port.bulkOut, data: bytes, owner: OTI6858Sent(place: place))
    if case .failure = result { side.changeChip(OTI6858.self, place) { $0.isWriting = false } }
    return .done(0)
  }

  private func nothing(_ side: inout some HostSide) -> RoutineStep {
    side.changeChip(OTI6858.self, place) { $0.isWriting = false }
    return .done(side.readNotification(OTI6858.self, place))
  }
}

/// `oti6858_write_bulk_callback()`.
struct OTI6858Sent: URBOwner {
  var place: InterfacePlace

  func completed(_ side: inout some HostSide, _ id: Int, _ urb: URB, _ result: URBResult) {
    switch Errno(negated: result.status) {
    case .ENOENT, .ECONNRESET, .ESHUTDOWN:
      side.changeChip(OTI6858.self, place) { $0.isWriting = false }
    case nil:
      side.changeChip(OTI6858.self, place) { $0.isWriting = false }
      _ = side.readNotification(OTI6858.self, place)
    default:
      // What failed is tried again with one byte of it.
      let again = side.submit(
        place, urb.endpoint, data: Array(urb.buffer.prefix(1)), owner: self)
      if case .failure = again { side.changeChip(OTI6858.self, place) { $0.isWriting = false } }
    }
  }
}

/// `oti6858_read_bulk_callback()`.
struct OTI6858Received: URBOwner {
  var place: InterfacePlace

  func completed(_ side: inout some HostSide, _ id: Int, _ urb: URB, _ result: URBResult) {
    guard result.status == 0, let port = side.bound(SerialDriver<OTI6858>.self, place)?.port,
      port.isOpen
    else { return }
    if let node = port.node { side.deliver(result.data, to: node) }
    _ = side.readNotification(OTI6858.self, place)
  }
}

extension HostSide {
  /// Reads what the chip said it received.
  mutating func receiveOTI6858(_ place: InterfacePlace) {
    guard let port = bound(SerialDriver<OTI6858>.self, place)?.port else { return }
    _ = submit(place, port.bulkIn, length: port.inSize, owner: OTI6858Received(place: place))
  }
}
