import USB

extension HostSide {
  /// `usblp_submit_read()`: asks the printer for 1024 bytes.
  ///
  /// - Returns: 0, or a negative error number.
  @discardableResult
  mutating func readPrinter(_ place: InterfacePlace) -> Int {
    guard let driver = bound(Usblp.self, place), let endpoint = driver.bulkIn else { return 0 }
    change(Usblp.self, place) {
      $0.received = nil
      $0.given = 0
      $0.readError = 0
      $0.isReading = true
    }
    let result = submit(place, endpoint, length: 1024, owner: UsblpRead(place: place))
    guard case .failure(let error) = result else { return 0 }
    change(Usblp.self, place) {
      $0.isReading = false
      $0.readError = error.value
    }
    return Errno.EIO.negated
  }
}

/// `usblp_bulk_read()`.
struct UsblpRead: URBOwner {
  var place: InterfacePlace

  func completed(_ side: inout some HostSide, _ id: Int, _ urb: URB, _ result: URBResult) {
    guard let driver = side.bound(Usblp.self, place) else { return }
    if result.status != 0, driver.isOpen {
      side.logLine("usblp\(driver.minor): nonzero read bulk status received: \(result.status)")
    }
    side.change(Usblp.self, place) {
      $0.isReading = false
      $0.readError = min(0, result.status)
      $0.received = result.status < 0 ? nil : result.data
    }
    if let index = side.nodeIndex(driver.node) {
      let last = side.host.nodes[index].lastReceived + result.data
      side.host.nodes[index].lastReceived = Array(last.suffix(64))
    }
    side.wakeReaders(of: driver.node)
  }
}

/// `usblp_open()`.
struct UsblpOpen: HostRoutine {
  var place: InterfacePlace

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    side.change(Usblp.self, place) { $0.isOpen = true }
    let ret = side.readPrinter(place)
    if ret < 0 { side.change(Usblp.self, place) { $0.isOpen = false } }
    return .done(ret)
  }
}

/// `usblp_release()`.
struct UsblpClose: HostRoutine {
  var place: InterfacePlace
  private var asked = false

  init(place: InterfacePlace) { self.place = place }

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    guard !asked, let driver = side.bound(Usblp.self, place) else { return .done(0) }
    asked = true
    side.change(Usblp.self, place) { $0.isOpen = false }
    return .call(
      KillURBs(
        device: place.device, endpoints: [driver.bulkOut] + [driver.bulkIn].compactMap { $0 }))
  }
}

/// `usblp_write()`: 8 KiB at a time; while the printer does not take them its status is asked (`usblp_wwait()`).
struct UsblpWrite: HostRoutine {
  private enum Stage: Equatable, Sendable {
    case next
    case waiting(urb: Int, count: Int)
    case asked(urb: Int, count: Int)
  }

  var place: InterfacePlace
  var bytes: [UInt8]
  /// Does not wait: the last block is taken to arrive.
  var isNonblocking: Bool
  private var stage = Stage.next
  private var done = 0
  private var task = -1
  /// Milliseconds after which the status is asked.
  private static let patience = 1500

  init(place: InterfacePlace, bytes: [UInt8], isNonblocking: Bool) {
    self.place = place
    self.bytes = bytes
    self.isNonblocking = isNonblocking
  }

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    guard let driver = side.bound(Usblp.self, place) else {
      return .done(done > 0 ? done : Errno.ENODEV.negated)
    }
    switch stage {
    case .next: return next(&side, task, driver)
    case .waiting(let urb, let count):
      switch input {
      case .urb(let result):
        guard result.status == 0 else {
          return .done(done > 0 ? done : Errno.EIO.negated)
        }
        done += result.actual
        return next(&side, task, driver)
      default:
        stage = .asked(urb: urb, count: count)
        return .call(UsblpStatus(place: place))
      }
    case .asked(let urb, let count):
      guard side.urbs[urb] != nil else {
        done += count
        return next(&side, task, driver)
      }
      stage = .waiting(urb: urb, count: count)
      return .wait(urb: urb, milliseconds: Self.patience)
    }
  }

  private mutating func next(
    _ side: inout some HostSide, _ task: Int, _ driver: Usblp
  ) -> RoutineStep {
    guard done < bytes.count else { return .done(done) }
    let part = Array(bytes.dropFirst(done).prefix(8192))
    let result = side.submit(
      place, driver.bulkOut, data: part, owner: WaitingTask(task: task))
    switch result {
    case .failure: return .done(done > 0 ? done : Errno.EIO.negated)
    case .success(let urb):
      if isNonblocking { return .done(done + part.count) }
      stage = .waiting(urb: urb, count: part.count)
      return .wait(urb: urb, milliseconds: Self.patience)
    }
  }
}

/// `LPIOC_GET_DEVICE_ID`: what the printer says it is.
struct UsblpDeviceID: HostRoutine {
  var place: InterfacePlace
  private var asked = false

  init(place: InterfacePlace) { self.place = place }

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    guard !asked, let driver = side.bound(Usblp.self, place) else {
      let data = input.value.data
      guard input.value.ret >= 0 else { return .done(Errno.EIO.negated) }
      // The first two bytes say how long it is, those two included.
      let told = data.count >= 2 ? Int(UInt16(low: data[1], high: data[0])) : 0
      let length = told < 2 ? 2 : min(told, 1023)
      return .done(
        HostValue(ret: 0, data: Array((data + [0, 0]).prefix(max(2, min(length, data.count))))))
    }
    asked = true
    return .call(driver.askID(place))
  }
}

/// `usblp_read_status()`: the status of a parallel port.
struct UsblpStatus: HostRoutine {
  var place: InterfacePlace
  private var asked = false

  init(place: InterfacePlace) { self.place = place }

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    guard let driver = side.bound(Usblp.self, place) else { return .done(Errno.ENODEV.negated) }
    guard asked else {
      asked = true
      return .call(Usblp.request(place, 1, type: 0xa1, length: 1))
    }
    guard input.value.ret >= 0 else {
      side.logLine("usblp\(driver.minor): failed reading printer status (\(input.value.ret))")
      return .done(Errno.EIO.negated)
    }
    // An answer without a byte leaves what was told before.
    let status = input.value.data.first ?? driver.status
    side.change(Usblp.self, place) { $0.status = status }
    return .done(Int(status))
  }
}
