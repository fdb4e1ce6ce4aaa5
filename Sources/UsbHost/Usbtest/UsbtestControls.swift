import USB

/// `test_ctrl_queue()`: control transfers are queued, some of which have to fail.
struct UsbtestControls: HostRoutine {
  var place: InterfacePlace
  var queued: Int
  var times: Int
  private var isBegun = false

  init(place: InterfacePlace, queued: Int, times: Int) {
    self.place = place
    self.queued = queued
    self.times = times
  }

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    guard let driver = side.bound(Usbtest.self, place) else { return .done(Errno.ENODEV.negated) }
    if !isBegun {
      guard queued > 0, let device = side.host.devices[place.device] else {
        return .done(Errno.EOPNOTSUPP.negated)
      }
      isBegun = true
      begin(&side, device)
      return .pause(1)
    }
    return driver.queue.pending > 0
      ? side.awaitUsbtest(place, task) : .done(driver.queue.status)
  }

  private func begin(_ side: inout some HostSide, _ device: UsbDevice) {
    let total = queued * times
    side.change(Usbtest.self, place) { $0.queue = UsbtestQueue(left: total) }
    let requests = UsbtestRequest.all(device)
    for index in 0..<queued {
      let number = index % requests.count
      let ret = UsbtestControl(place: place, number: number, request: requests[number])
        .submit(&side)
      guard ret < 0 else { continue }
      side.usbtestLog(place, "can't submit urb[\(index)], status \(ret)")
      side.change(Usbtest.self, place) {
        $0.queue.left = $0.queue.pending
        $0.queue.status = ret
      }
      return
    }
  }
}

/// One of the requests that are queued, with what it has to come to.
struct UsbtestRequest: Equatable, Sendable {
  var setup: SetupPacket
  /// The error it has to end with.
  var required: Errno?
  /// The error it may end with instead of none.
  var allowed: Errno?

  private init(
    _ type: UInt8, _ request: UInt8, _ value: UInt16, _ length: Int, required: Errno? = nil,
    allowed: Errno? = nil
  ) {
    setup = SetupPacket(type, request, value: value, index: 0, length: UInt16(clamping: length))
    self.required = required
    self.allowed = allowed
  }

  /// All of them by their numbers.
  static func all(_ device: UsbDevice) -> [UsbtestRequest] {
    let packet = Int(device.descriptor[7])
    let isSuper = device.speed == .super
    let whole = isSuper ? 512 : [8: 24, 16: 32][packet] ?? packet
    func descriptor(
      _ type: UInt16, _ length: Int, required: Errno? = nil, allowed: Errno? = nil
    ) -> UsbtestRequest {
      UsbtestRequest(0x80, 6, type << 8, length, required: required, allowed: allowed)
    }
    return [
      descriptor(1, 18), descriptor(2, 9), UsbtestRequest(0x81, 10, 0, 1, allowed: .EPIPE),
      UsbtestRequest(0x81, 0, 0, 2), UsbtestRequest(0x80, 0, 0, 2),
      descriptor(6, 10, allowed: device.speed == .high ? nil : .EPIPE), descriptor(2, 18),
      descriptor(4, 9, required: .EPIPE), UsbtestRequest(0x02, 1, 0, 0, allowed: .EPIPE),
      UsbtestRequest(0x82, 0, 0, 2), descriptor(2, 1024, required: .EREMOTEIO),
      descriptor(5, 9, allowed: .EPIPE), descriptor(3, 9, allowed: .EREMOTEIO),
      descriptor(2, 1024 - (isSuper ? 512 : packet), required: .EREMOTEIO),
      descriptor(1, whole, required: .EREMOTEIO),
      descriptor(15, device.bos?.count ?? 5, required: device.bcdUSB < 0x0201 ? .EPIPE : nil),
    ]
  }

  /// 0 when it ended as it shall, else what it ended with.
  func judge(_ number: Int, _ status: Int) -> Int {
    if status == required?.negated ?? 0 { return 0 }
    if let allowed, status == allowed.negated || status == 0 { return 0 }
    // The languages of the strings may be refused as well.
    return number == 12 && status == Errno.EPIPE.negated ? 0 : status
  }
}

/// A queued control transfer (`ctrl_complete()`).
struct UsbtestControl: URBOwner {
  var place: InterfacePlace
  var number: Int
  var request: UsbtestRequest

  /// Submits it: 0, or a negative error number. It counts as pending while it is in flight.
  func submit(_ side: inout some HostSide) -> Int {
    guard let device = side.host.devices[place.device] else { return Errno.ENODEV.negated }
    let setup = request.setup
    let urb = URB(
      half: device.half, device: place.device, address: device.devnum,
      endpoint: setup.movesIn ? 0x80 : 0, type: .control, setup: setup, isIn: setup.movesIn,
      buffer: [], length: Int(setup.wLength), shortNotOK: setup.movesIn)
    switch side.submit(urb, owner: self) {
    case .success:
      side.change(Usbtest.self, place) { $0.queue.pending += 1 }
      return 0
    case .failure(let error): return error.value
    }
  }

  func completed(_ side: inout some HostSide, _ id: Int, _ urb: URB, _ result: URBResult) {
    guard let before = side.bound(Usbtest.self, place)?.queue else { return }
    side.change(Usbtest.self, place) {
      $0.queue.pending -= 1
      $0.queue.left -= 1
      $0.queue.last = number
    }
    var status = result.status
    if number > 0, number - before.last != 1 {
      side.usbtestLog(place, "subcase \(number) completed out of order, last \(before.last)")
      status = Errno.EDOM.negated
    } else if status != Errno.ECONNRESET.negated {
      status = request.judge(number, status)
      if status != 0 { side.usbtestLog(place, "subtest \(number) error, status \(status)") }
    }
    if status != 0, before.status == 0 { giveUp(&side, urb, result, status) }
    goOn(&side, status)
  }

  /// The first error: all the others are taken back.
  private func giveUp(
    _ side: inout some HostSide, _ urb: URB, _ result: URBResult, _ status: Int
  ) {
    let setup = request.setup
    let name = "\(hex(UInt64(setup.bmRequestType), 2)).\(hex(UInt64(setup.bRequest), 2))"
    let left = side.bound(Usbtest.self, place)?.queue.left ?? 0
    side.change(Usbtest.self, place) { $0.queue.status = status }
    side.usbtestLog(
      place,
      "control queue \(name), err \(status), \(left) left, subcase \(number), "
        + "len \(result.actual)/\(urb.length)")
    side.flush(device: place.device, .ECONNRESET) { $0.endpoint & 0x7f == 0 }
  }

  /// It is submitted again as long as more are to come back than are in flight.
  private func goOn(_ side: inout some HostSide, _ status: Int) {
    guard let queue = side.bound(Usbtest.self, place)?.queue else { return }
    if status == 0, queue.pending < queue.left {
      let ret = submit(&side)
      if ret == 0 { return }
      let setup = request.setup
      side.usbtestLog(
        place,
        "can't resubmit ctrl \(hex(UInt64(setup.bmRequestType), 2))."
          + "\(hex(UInt64(setup.bRequest), 2)), err \(ret)")
    }
    side.usbtestCameBack(place)
  }
}
