import USB

/// `usb_serial_generic_open()`: begins to read.
struct StartReading<Chip: SerialChip>: HostRoutine {
  var place: InterfacePlace

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    guard Chip.readsAtOnce else { return .done(0) }
    for _ in 0..<2 { side.readSerial(Chip.self, place) }
    return .done(0)
  }
}

/// Asks for what comes by the interrupt endpoint.
struct StartInterrupt<Chip: SerialChip>: HostRoutine {
  var place: InterfacePlace

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep { .done(side.readNotification(Chip.self, place)) }
}

/// `usb_serial_generic_read_bulk_callback()`.
struct SerialRead<Chip: SerialChip>: URBOwner {
  var place: InterfacePlace

  func completed(_ side: inout some HostSide, _ id: Int, _ urb: URB, _ result: URBResult) {
    guard let driver = side.bound(SerialDriver<Chip>.self, place), driver.port.isOpen else {
      return
    }
    switch Errno(negated: result.status) {
    case .ENOENT, .ECONNRESET, .ESHUTDOWN: return
    case .EPIPE:
      return side.portLog(
        Chip.self, place, "usb_serial_generic_read_bulk_callback - urb stopped: \(result.status)")
    case nil:
      if let node = driver.port.node {
        side.deliver(driver.chip.received(result.data, packet: driver.port.packet), to: node)
      }
    default: break
    }
    side.readSerial(Chip.self, place)
  }
}

/// An interrupt URB of a chip.
struct SerialNotification<Chip: SerialChip>: URBOwner {
  var place: InterfacePlace

  func completed(_ side: inout some HostSide, _ id: Int, _ urb: URB, _ result: URBResult) {
    guard let driver = side.bound(SerialDriver<Chip>.self, place), driver.port.isOpen else {
      return
    }
    switch Errno(negated: result.status) {
    case .ENOENT, .ECONNRESET, .ESHUTDOWN: return
    default: break
    }
    if driver.chip.notified(&side, place, result) { _ = side.readNotification(Chip.self, place) }
  }
}

/// `usb_serial_generic_write_bulk_callback()`.
struct SerialWritten<Chip: SerialChip>: URBOwner {
  var place: InterfacePlace

  func completed(_ side: inout some HostSide, _ id: Int, _ urb: URB, _ result: URBResult) {
    side.change(SerialDriver<Chip>.self, place) { $0.port.writing = max(0, $0.port.writing - 1) }
    switch Errno(negated: result.status) {
    case .ENOENT, .ECONNRESET, .ESHUTDOWN: return
    case .EPIPE:
      side.portLog(
        Chip.self, place, "usb_serial_generic_write_bulk_callback - urb stopped: \(result.status)")
      return
    default: side.writeSerial(Chip.self, place)
    }
  }
}

extension HostSide {
  /// `usb_serial_generic_submit_read_urb()`.
  mutating func readSerial<Chip: SerialChip>(_ type: Chip.Type, _ place: InterfacePlace) {
    guard let port = bound(SerialDriver<Chip>.self, place)?.port else { return }
    let result = submit(
      place, port.bulkIn, length: port.inSize, owner: SerialRead<Chip>(place: place))
    guard case .failure(let error) = result, error.value != Errno.ENODEV.negated else { return }
    portLog(
      type, place, "usb_serial_generic_submit_read_urb - usb_submit_urb failed: \(error.value)")
  }

  /// Asks for what comes by the interrupt endpoint: 0, or a negative error number.
  mutating func readNotification<Chip: SerialChip>(
    _ type: Chip.Type, _ place: InterfacePlace
  ) -> Int {
    guard let port = bound(SerialDriver<Chip>.self, place)?.port, let endpoint = port.interruptIn
    else { return Errno.EINVAL.negated }
    let result = submit(
      place, endpoint, length: port.interruptSize, owner: SerialNotification<Chip>(place: place))
    if case .failure(let error) = result { return error.value }
    return 0
  }

  /// `usb_serial_generic_write_start()`: at most two URBs carry what was written.
  mutating func writeSerial<Chip: SerialChip>(_ type: Chip.Type, _ place: InterfacePlace) {
    while let port = bound(SerialDriver<Chip>.self, place)?.port, port.writing < 2,
      !port.fifo.isEmpty, Chip.writesAtOnce
    {
      let bytes = Array(port.fifo.prefix(max(1, port.outSize)))
      change(SerialDriver<Chip>.self, place) { $0.port.fifo.removeFirst(bytes.count) }
      let result = submit(
        place, port.bulkOut, data: bytes, owner: SerialWritten<Chip>(place: place))
      guard case .success = result else { return }
      change(SerialDriver<Chip>.self, place) { $0.port.writing += 1 }
    }
  }
}
