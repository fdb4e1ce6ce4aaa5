import USB

/// `unlink_simple()`: a transfer that is submitted again and again until it is taken back, first by unlinking, then by
/// killing it.
struct UsbtestUnlink: HostRoutine {
  private enum Stage: Equatable, Sendable {
    case start
    case slept
    case over
  }

  var place: InterfacePlace
  var endpoint: UInt8
  var length: Int
  var times: Int
  /// What the kernel log calls them.
  var label: String
  private var stage = Stage.start
  private var kills = false
  private var errno: Errno { kills ? .ENOENT : .ECONNRESET }

  init(place: InterfacePlace, endpoint: UInt8, length: Int, times: Int, label: String) {
    self.place = place
    self.endpoint = endpoint
    self.length = length
    self.times = times
    self.label = label
  }

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    guard let driver = side.bound(Usbtest.self, place) else { return .done(Errno.ENODEV.negated) }
    switch stage {
    case .start: return start(&side)
    case .slept:
      stage = .over
      guard driver.queue.pending > 0 else { return .pause(1) }
      for urb in side.inFlight(place.device, endpoint) { side.unlink(urb, errno) }
      return side.awaitUsbtest(place, task)
    case .over:
      guard driver.queue.pending == 0 else { return side.awaitUsbtest(place, task) }
      guard driver.queue.status == errno.negated else {
        return failed(&side, driver.queue.status - (kills ? 2000 : 1000))
      }
      if kills { times -= 1 }
      kills.toggle()
      return start(&side)
    }
  }

  private mutating func start(_ side: inout some HostSide) -> RoutineStep {
    guard times > 0 else { return .done(0) }
    stage = .slept
    side.change(Usbtest.self, place) { $0.queue = UsbtestQueue() }
    let ret = UsbtestEndless(place: place).submit(&side, endpoint, length)
    guard ret >= 0 else {
      side.usbtestLog(place, "submit fail \(ret)")
      return failed(&side, ret)
    }
    // A tick or two, by whether the clock's ticks are even.
    return .sleep(milliseconds: Int(side.now / KernelTicks.length % 2))
  }

  private func failed(_ side: inout some HostSide, _ ret: Int) -> RoutineStep {
    side.usbtestLog(place, "unlink \(label) failed \(ret), iterations left \(times - 1)")
    return .done(ret)
  }
}

/// A transfer that is submitted again while it succeeds (`unlink1_callback()`).
struct UsbtestEndless: URBOwner {
  var place: InterfacePlace

  /// Submits it: 0, or a negative error number.
  func submit(_ side: inout some HostSide, _ endpoint: UInt8, _ length: Int) -> Int {
    guard let urb = side.usbtestURB(place, endpoint, length: length) else {
      return Errno.ENOENT.negated
    }
    switch side.submit(urb, owner: self) {
    case .success:
      side.change(Usbtest.self, place) { $0.queue.pending = 1 }
      return 0
    case .failure(let error): return error.value
    }
  }

  func completed(_ side: inout some HostSide, _ id: Int, _ urb: URB, _ result: URBResult) {
    var status = result.status
    if status == 0 {
      status = submit(&side, urb.endpoint, urb.length)
      if status == 0 { return }
    }
    side.change(Usbtest.self, place) {
      $0.queue.pending = 0
      $0.queue.status = status
    }
    side.usbtestCameBack(place)
  }
}

/// `unlink_queued()`: two transfers are taken out of a queue.
struct UsbtestUnlinkQueue: HostRoutine {
  var place: InterfacePlace
  var endpoint: UInt8
  var length: Int
  var queued: Int
  var times: Int
  private var isWaiting = false

  init(place: InterfacePlace, endpoint: UInt8, length: Int, queued: Int, times: Int) {
    self.place = place
    self.endpoint = endpoint
    self.length = length
    self.queued = queued
    self.times = times
  }

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    guard let driver = side.bound(Usbtest.self, place) else { return .done(Errno.ENODEV.negated) }
    if isWaiting {
      if driver.queue.pending > 0 { return side.awaitUsbtest(place, task) }
      let ret = driver.queue.status
      guard ret == 0 else {
        side.usbtestLog(place, "unlink queued writes failed \(ret), iterations left \(times)")
        return .done(ret)
      }
      times -= 1
    }
    guard times > 0 else { return .done(0) }
    isWaiting = true
    submitAll(&side)
    return .pause(1)
  }

  private func submitAll(_ side: inout some HostSide) {
    side.change(Usbtest.self, place) { $0.queue = UsbtestQueue() }
    var urbs: [Int] = []
    for index in 0..<queued {
      let owner = UsbtestQueued(place: place, isTaken: [queued - 4, queued - 2].contains(index))
      var result: Result<Int, NegatedErrno> = .failure(NegatedErrno(.ENOENT))
      if let urb = side.usbtestURB(place, endpoint, length: length) {
        result = side.submit(urb, owner: owner)
      }
      switch result {
      case .success(let urb):
        urbs.append(urb)
        side.change(Usbtest.self, place) { $0.queue.pending += 1 }
      case .failure(let error):
        side.usbtestLog(place, "submit urbs[\(index)] fail \(error.value)")
        side.change(Usbtest.self, place) { $0.queue.status = error.value }
        for urb in urbs.reversed() { side.unlink(urb, .ECONNRESET) }
        return
      }
    }
    for index in [queued - 4, queued - 2] { side.unlink(urbs[index], .ECONNRESET) }
  }
}

/// One transfer of a queue (`unlink_queued_callback()`).
struct UsbtestQueued: URBOwner {
  var place: InterfacePlace
  /// True for one that is taken back.
  var isTaken: Bool

  func completed(_ side: inout some HostSide, _ id: Int, _ urb: URB, _ result: URBResult) {
    let isRight = isTaken && result.status == Errno.ECONNRESET.negated
    side.change(Usbtest.self, place) {
      $0.queue.pending -= 1
      if $0.queue.status == 0, !isRight { $0.queue.status = result.status }
    }
    side.usbtestCameBack(place)
  }
}
