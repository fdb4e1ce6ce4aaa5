import USB

extension HostSide {
  /// What `cdc_acm` keeps of a control interface.
  func acm(_ place: InterfacePlace) -> CdcAcm? {
    guard let driver = bound(CdcAcm.self, place), driver.isControl else { return nil }
    return driver
  }

  fileprivate mutating func readACM(_ place: InterfacePlace) {
    guard let driver = acm(place) else { return }
    _ = submit(place, driver.bulkIn, length: driver.readSize, owner: CdcAcmRead(place: place))
  }

  fileprivate mutating func notifyACM(_ place: InterfacePlace) -> Int {
    guard let driver = acm(place) else { return Errno.ENODEV.negated }
    let result = submit(
      place, driver.control, length: driver.controlSize, owner: CdcAcmNotification(place: place))
    if case .failure(let error) = result { return error.value }
    return 0
  }
}

/// `acm_ctrl_irq()`.
struct CdcAcmNotification: URBOwner {
  var place: InterfacePlace

  func completed(_ side: inout some HostSide, _ id: Int, _ urb: URB, _ result: URBResult) {
    guard let driver = side.acm(place), driver.isOpen else { return }
    switch Errno(negated: result.status) {
    case .ENOENT, .ECONNRESET, .ESHUTDOWN: return
    case nil: take(&side, driver, result.data)
    default: break
    }
    let ret = side.notifyACM(place)
    if ret < 0, ret != Errno.ENODEV.negated {
      side.interfaceLog(CdcAcm.name, place, "acm_ctrl_irq - usb_submit_urb failed: \(ret)")
    }
  }

  /// A notification may come in pieces; its header says how long it is.
  private func take(_ side: inout some HostSide, _ driver: CdcAcm, _ data: [UInt8]) {
    let whole = driver.partial + data
    let length = whole.count >= 8 ? 8 + Int(UInt16(low: whole[6], high: whole[7])) : 8
    guard whole.count >= length else {
      return side.change(CdcAcm.self, place) { $0.partial = Array(whole.prefix(8 + 65_535)) }
    }
    side.change(CdcAcm.self, place) {
      $0.partial = []
      if whole[1] == 0x20, length >= 10 { $0.told = UInt16(low: whole[8], high: whole[9]) }
    }
  }
}

/// `acm_read_bulk_callback()`.
struct CdcAcmRead: URBOwner {
  var place: InterfacePlace

  func completed(_ side: inout some HostSide, _ id: Int, _ urb: URB, _ result: URBResult) {
    guard let driver = side.acm(place), driver.isOpen else { return }
    switch Errno(negated: result.status) {
    case .ENOENT, .ECONNRESET, .ESHUTDOWN: return
    case .EPIPE:
      return side.startTask(
        .worker, CdcAcmRecovery(place: place, endpoint: driver.bulkIn, waits: false))
    case .EOVERFLOW, .EPROTO:
      return side.startTask(
        .worker, CdcAcmRecovery(place: place, endpoint: driver.bulkIn, waits: true))
    case nil: side.deliver(result.data, to: driver.node)
    default: break
    }
    side.readACM(place)
  }
}

/// `acm_softint()`: a halt is cleared and all URBs read again, or half a second is waited for one that babbles.
struct CdcAcmRecovery: HostRoutine {
  private enum Stage: Equatable, Sendable {
    case start
    case waited
    case killed
    case cleared
  }

  var place: InterfacePlace
  var endpoint: UInt8
  var waits: Bool
  private var stage = Stage.start

  init(place: InterfacePlace, endpoint: UInt8, waits: Bool) {
    self.place = place
    self.endpoint = endpoint
    self.waits = waits
  }

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    guard let driver = side.acm(place), driver.isOpen else { return .done(0) }
    switch stage {
    case .start:
      stage = waits ? .waited : .killed
      return waits
        ? .sleep(milliseconds: 500)
        : .call(KillURBs(device: place.device, endpoints: [endpoint]))
    case .waited:
      side.readACM(place)
      return .done(0)
    case .killed:
      stage = .cleared
      return .call(ClearHalt(device: place.device, endpoint: endpoint))
    case .cleared:
      guard input.value.ret >= 0 else { return .done(0) }
      let missing = CdcAcm.readers - side.inFlight(place.device, endpoint).count
      for _ in 0..<max(0, missing) { side.readACM(place) }
      return .done(0)
    }
  }
}

/// `acm_port_activate()` and `acm_port_dtr_rts()`.
struct CdcAcmOpen: HostRoutine {
  var place: InterfacePlace
  private var asked = false

  init(place: InterfacePlace) { self.place = place }

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    guard !asked else {
      if input.value.ret < 0, side.acm(place)?.capabilities ?? 0 & 2 != 0 {
        side.interfaceLog(CdcAcm.name, place, "failed to set dtr/rts")
      }
      return .done(0)
    }
    asked = true
    side.change(CdcAcm.self, place) {
      $0.isOpen = true
      $0.raised = 3
    }
    let ret = side.notifyACM(place)
    guard ret >= 0 else {
      side.change(CdcAcm.self, place) { $0.isOpen = false }
      side.interfaceLog(CdcAcm.name, place, "acm_port_activate - usb_submit_urb(ctrl irq) failed")
      return .done(translated(ret))
    }
    for _ in 0..<CdcAcm.readers { side.readACM(place) }
    return .call(CdcAcm.request(place, 0x22, value: 3))
  }
}

/// `acm_port_shutdown()`.
struct CdcAcmClose: HostRoutine {
  private enum Stage: Equatable, Sendable {
    case start
    case drained
    case lowered
    case killed
  }

  var place: InterfacePlace
  private var stage = Stage.start

  init(place: InterfacePlace) { self.place = place }

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    guard let driver = side.acm(place) else { return .done(0) }
    switch stage {
    case .start:
      stage = .drained
      return .call(CdcAcmDrain(place: place, limit: 30_000))
    case .drained:
      stage = .lowered
      side.change(CdcAcm.self, place) { $0.raised = 0 }
      return .call(CdcAcm.request(place, 0x22, value: 0))
    case .lowered:
      stage = .killed
      return .call(
        KillURBs(
          device: place.device, endpoints: [driver.control, driver.bulkOut, driver.bulkIn]))
    case .killed:
      side.change(CdcAcm.self, place) { $0.isOpen = false }
      return .done(0)
    }
  }
}

/// Waits until all that was written is sent.
struct CdcAcmDrain: HostRoutine {
  var place: InterfacePlace
  /// Milliseconds; nil for no end.
  var limit: Int?
  private var started: Microseconds?

  init(place: InterfacePlace, limit: Int? = nil) {
    self.place = place
    self.limit = limit
  }

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    let begin = started ?? side.now
    started = begin
    if let limit, side.now &- begin > Microseconds(limit) &* 1000 { return .done(0) }
    return side.acm(place)?.writing ?? 0 > 0 ? .sleep(milliseconds: 4) : .done(0)
  }
}

/// `acm_tty_set_termios()`.
struct CdcAcmLine: HostRoutine {
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
    guard !asked, let driver = side.acm(place) else { return .done(0) }
    asked = true
    // Flow control is not the driver's affair.
    var plain = line
    plain.hardwareFlow = false
    plain.softwareFlow = false
    guard plain != driver.line else { return .done(0) }
    side.change(CdcAcm.self, place) { $0.line = plain }
    return .call(CdcAcm.setLine(place, plain))
  }
}

/// `acm_tty_tiocmset()`.
struct CdcAcmModem: HostRoutine {
  var place: InterfacePlace
  var raised: UInt8
  private var asked = false

  init(place: InterfacePlace, raised: UInt8) {
    self.place = place
    self.raised = raised
  }

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    guard !asked, let driver = side.acm(place) else { return .done(min(0, input.value.ret)) }
    asked = true
    guard driver.raised != raised else { return .done(0) }
    let raised = raised
    side.change(CdcAcm.self, place) { $0.raised = raised }
    return .call(CdcAcm.request(place, 0x22, value: UInt16(raised)))
  }
}

/// `acm_tty_break_ctl()` for a quarter of a second.
struct CdcAcmBreak: HostRoutine {
  private enum Stage: Equatable, Sendable {
    case start
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
    switch stage {
    case .start:
      stage = .on
      return .call(CdcAcm.request(place, 0x23, value: 0xffff))
    case .on:
      if input.value.ret < 0 { return .done(input.value.ret) }
      stage = .held
      return .sleep(milliseconds: 250)
    case .held:
      stage = .off
      return .call(CdcAcm.request(place, 0x23, value: 0))
    case .off: return .done(min(0, input.value.ret))
    }
  }
}

/// `acm_tty_write()`: at most sixteen URBs carry what was written.
struct CdcAcmWrite: HostRoutine {
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
    while done < bytes.count {
      guard let driver = side.acm(place) else {
        return .done(done > 0 ? done : Errno.ENODEV.negated)
      }
      guard driver.writing < 16 else { return .sleep(milliseconds: 4) }
      // The terminal hands over 2048 bytes at a time.
      let part = Array(bytes.dropFirst(done).prefix(max(1, min(2048, driver.writeSize))))
      let result = side.submit(
        place, driver.bulkOut, data: part, owner: CdcAcmWritten(place: place))
      if case .failure(let error) = result { return .done(done > 0 ? done : error.value) }
      side.change(CdcAcm.self, place) { $0.writing += 1 }
      done += part.count
    }
    return .done(done)
  }
}

/// `acm_write_bulk()`.
struct CdcAcmWritten: URBOwner {
  var place: InterfacePlace

  func completed(_ side: inout some HostSide, _ id: Int, _ urb: URB, _ result: URBResult) {
    side.change(CdcAcm.self, place) { $0.writing = max(0, $0.writing - 1) }
  }
}
