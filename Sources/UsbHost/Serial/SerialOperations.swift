import USB

/// Calls one routine after the other until one fails.
struct Routines: HostRoutine {
  /// Those left, the next one last.
  private var left: [any HostRoutine]

  init(_ routines: [any HostRoutine]) { left = routines.reversed() }

  static func == (a: Routines, b: Routines) -> Bool { a.left.elementsEqual(b.left, by: areEqual) }

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    guard input.value.ret >= 0, let next = left.popLast() else {
      return .done(min(0, input.value.ret))
    }
    return .call(next)
  }
}

/// `serial_open()`: the chip's driver opens the port, then the host says that it is ready.
struct SerialOpen<Chip: SerialChip>: HostRoutine {
  private enum Stage: Equatable, Sendable {
    case start
    case opened
    case ready
  }

  var place: InterfacePlace
  private var stage = Stage.start

  init(place: InterfacePlace) { self.place = place }

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    guard let driver = side.bound(SerialDriver<Chip>.self, place) else {
      return .done(Errno.ENODEV.negated)
    }
    switch stage {
    case .start:
      side.change(SerialDriver<Chip>.self, place) { $0.port.isOpen = true }
      stage = .opened
      return .call(Routines(driver.chip.open(place, driver.port)))
    case .opened:
      guard input.value.ret >= 0 else {
        side.change(SerialDriver<Chip>.self, place) { $0.port.isOpen = false }
        return .done(translated(input.value.ret))
      }
      stage = .ready
      side.change(SerialDriver<Chip>.self, place) { $0.port.modem = [.dtr, .rts] }
      return driver.chip.setReady(place, true).map(RoutineStep.call) ?? .done(0)
    case .ready: return .done(0)
    }
  }
}

/// `tty_port_close()`: waits until all is sent, lowers the lines and lets the chip's driver close.
struct SerialClose<Chip: SerialChip>: HostRoutine {
  private enum Stage: Equatable, Sendable {
    case start
    case sent
    case drained
    case lowered
    case closed
  }

  var place: InterfacePlace
  private var stage = Stage.start

  init(place: InterfacePlace) { self.place = place }

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    guard let driver = side.bound(SerialDriver<Chip>.self, place) else { return .done(0) }
    switch stage {
    case .start:
      stage = .sent
      // `closing_wait` is 30 seconds.
      return .call(SerialDrain<Chip>(place: place, limit: 30_000))
    case .sent:
      stage = .drained
      guard Chip.drains else { return lower(&side, driver) }
      let milliseconds = max(100, 2_560_000 / max(1, driver.port.line.speed))
      return .sleep(milliseconds: driver.port.line.speed > 1200 ? milliseconds : 2000)
    case .drained: return lower(&side, driver)
    case .lowered:
      stage = .closed
      return .call(Routines(driver.chip.close(place, driver.port)))
    case .closed:
      side.change(SerialDriver<Chip>.self, place) {
        $0.port.isOpen = false
        $0.port.fifo = []
      }
      return .done(0)
    }
  }

  private mutating func lower(
    _ side: inout some HostSide, _ driver: SerialDriver<Chip>
  ) -> RoutineStep {
    stage = .lowered
    side.change(SerialDriver<Chip>.self, place) { $0.port.modem = [] }
    return .call(driver.chip.setReady(place, false) ?? Answer(0))
  }
}

/// `usb_serial_generic_wait_until_sent()`.
struct SerialDrain<Chip: SerialChip>: HostRoutine {
  private enum Stage: Equatable, Sendable {
    case waiting
    case asked
  }

  var place: InterfacePlace
  /// Milliseconds; nil for no end.
  var limit: Int?
  private var stage = Stage.waiting
  private var started: Microseconds?

  init(place: InterfacePlace, limit: Int? = nil) {
    self.place = place
    self.limit = limit
  }

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    guard let driver = side.bound(SerialDriver<Chip>.self, place) else { return .done(0) }
    let begin = started ?? side.now
    started = begin
    if let limit, side.now &- begin > Microseconds(limit) &* 1000 { return .done(0) }
    if stage == .asked {
      stage = .waiting
      return input.value.ret == 0 ? .sleep(milliseconds: 4) : .done(0)
    }
    if !driver.port.fifo.isEmpty || driver.port.writing > 0 { return .sleep(milliseconds: 4) }
    guard let routine = driver.chip.isEmpty(place) else { return .done(0) }
    stage = .asked
    return .call(routine)
  }
}

/// `usb_serial_generic_write()`: what fits the buffer is taken, the rest waits.
struct SerialWrite<Chip: SerialChip>: HostRoutine {
  var place: InterfacePlace
  var bytes: [UInt8]
  private var done = 0

  init(place: InterfacePlace, bytes: [UInt8]) {
    self.place = place
    self.bytes = bytes
  }

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    guard let port = side.bound(SerialDriver<Chip>.self, place)?.port else {
      return .done(done > 0 ? done : Errno.ENODEV.negated)
    }
    let count = min(bytes.count - done, 4096 - port.fifo.count)
    let part = bytes.dropFirst(done).prefix(max(0, count))
    side.change(SerialDriver<Chip>.self, place) { $0.port.fifo += part }
    done += part.count
    side.writeSerial(Chip.self, place)
    return done < bytes.count ? .sleep(milliseconds: 4) : .done(done)
  }
}

/// `serial_set_termios()`.
struct SerialLine<Chip: SerialChip>: HostRoutine {
  var place: InterfacePlace
  var line: LineSettings
  private var asked = false

  init(place: InterfacePlace, line: LineSettings) {
    self.place = place
    self.line = line
  }

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    guard !asked, let driver = side.bound(SerialDriver<Chip>.self, place) else { return .done(0) }
    asked = true
    side.change(SerialDriver<Chip>.self, place) { $0.port.line = line }
    return driver.chip.setLine(place, line, old: driver.port.line).map(RoutineStep.call) ?? .done(0)
  }
}

/// `serial_tiocmset()`.
struct SerialModem<Chip: SerialChip>: HostRoutine {
  var place: InterfacePlace
  var raised: ModemLines
  var lowered: ModemLines
  private var asked = false

  init(place: InterfacePlace, raised: ModemLines, lowered: ModemLines) {
    self.place = place
    self.raised = raised
    self.lowered = lowered
  }

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    guard !asked, let driver = side.bound(SerialDriver<Chip>.self, place) else {
      return .done(translated(input.value.ret))
    }
    asked = true
    let lines = driver.port.modem.union(raised).subtracting(lowered)
    side.change(SerialDriver<Chip>.self, place) { $0.port.modem = lines }
    let routine = driver.chip.setModem(place, lines, changing: raised.union(lowered))
    return routine.map(RoutineStep.call) ?? .done(0)
  }
}

/// `tcsendbreak()`: a quarter of a second.
struct SerialBreak<Chip: SerialChip>: HostRoutine {
  private enum Stage: Equatable, Sendable {
    case start
    case sent
    case on
    case held
    case off
  }

  var place: InterfacePlace
  private var stage = Stage.start

  init(place: InterfacePlace) { self.place = place }

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    guard let driver = side.bound(SerialDriver<Chip>.self, place) else {
      return .done(Errno.ENODEV.negated)
    }
    switch stage {
    case .start:
      stage = .sent
      return .call(SerialDrain<Chip>(place: place))
    case .sent:
      stage = .on
      return .call(driver.chip.setBreak(place, true) ?? Answer(0))
    case .on:
      if input.value.ret < 0 { return .done(translated(input.value.ret)) }
      stage = .held
      return .sleep(milliseconds: 250)
    case .held:
      stage = .off
      return .call(driver.chip.setBreak(place, false) ?? Answer(0))
    case .off: return .done(translated(input.value.ret))
    }
  }
}
