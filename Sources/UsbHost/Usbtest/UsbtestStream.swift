import USB

/// `test_queue()` with an isochronous endpoint: transfers are kept queued, each submitted again while it succeeds.
struct UsbtestStream: HostRoutine {
  var place: InterfacePlace
  var endpoint: UInt8
  var length: Int
  var queued: Int
  var times: Int
  private var isBegun = false

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
    if !isBegun {
      isBegun = true
      let ret = begin(&side)
      return ret < 0 ? .done(ret) : .pause(1)
    }
    let queue = driver.queue
    if queue.pending > 0 { return side.awaitUsbtest(place, task) }
    if queue.status < 0 { return .done(queue.status) }
    if queue.isRefused { return .done(Errno.EACCES.negated) }
    return .done(queue.errors > queue.packets / 10 ? Errno.EIO.negated : 0)
  }

  private func begin(_ side: inout some HostSide) -> Int {
    guard let device = side.host.devices[place.device], let found = device.endpoint(endpoint)?.1
    else { return Errno.ENOENT.negated }
    let bytes = Self.burst(found, device.speed)
    let packets = (length + bytes - 1) / max(1, bytes)
    tell(&side, found, device.speed, packets: packets * queued * times)
    let total = queued * times
    side.change(Usbtest.self, place) { $0.queue = UsbtestQueue(left: total) }
    for index in 0..<queued {
      let ret = UsbtestStreamed(place: place, packets: packets)
        .submit(&side, endpoint, length, bytes)
      guard ret < 0 else { continue }
      side.usbtestLog(place, "submit iso[\(index)], error \(ret)")
      if index == 0 { return ret }
      side.change(Usbtest.self, place) {
        $0.queue.isRefused = true
        $0.queue.status = ret
      }
      break
    }
    return 0
  }

  /// The bytes an interval carries at most.
  private static func burst(_ endpoint: UsbEndpoint, _ speed: UsbSpeed) -> Int {
    endpoint.packetSize * transactions(endpoint, speed)
  }

  private static func transactions(_ endpoint: UsbEndpoint, _ speed: UsbSpeed) -> Int {
    guard speed >= .super else { return Int(endpoint.maxPacket >> 11 & 3) + 1 }
    // The companion tells of bursts and how many of them there are.
    guard endpoint.extra.count >= 6, endpoint.extra[1] == 0x30 else { return 1 }
    return (Int(endpoint.extra[3] & 3) + 1) * (Int(endpoint.extra[2]) + 1)
  }

  private func tell(
    _ side: inout some HostSide, _ found: UsbEndpoint, _ speed: UsbSpeed, packets: Int
  ) {
    let period = 1 << max(0, min(15, Int(found.interval) - 1))
    side.usbtestLog(
      place,
      "iso period \(period) \(speed >= .high ? "micro" : "")frames, "
        + "wMaxPacket \(found.packetSize), transactions: \(Self.transactions(found, speed))")
    side.usbtestLog(
      place, "total \(packets * period / (speed >= .high ? 8 : 1)) msec (\(packets) packets)")
  }
}

/// One of the transfers (`complicated_callback()`).
struct UsbtestStreamed: URBOwner {
  var place: InterfacePlace
  /// Packets of it.
  var packets: Int

  /// Submits it: 0, or a negative error number.
  ///
  /// - Parameter bytes: those of a packet.
  func submit(_ side: inout some HostSide, _ endpoint: UInt8, _ length: Int, _ bytes: Int) -> Int {
    guard packets > 0 else { return Errno.EINVAL.negated }
    let isIn = endpoint & 0x80 != 0
    let data = isIn ? [] : [UInt8](repeating: 0, count: length)
    guard let device = side.host.devices[place.device], let found = device.endpoint(endpoint)?.1,
      var urb = side.urb(place, endpoint, data: data, length: length)
    else { return Errno.ENOENT.negated }
    urb.interval = side.pollInterval(device.speed, found.interval)
    urb.isoLengths = (0..<packets).map { min(bytes, length - $0 * bytes) }
    switch side.submit(urb, owner: self) {
    case .success:
      side.change(Usbtest.self, place) { $0.queue.pending += 1 }
      return 0
    case .failure(let error): return error.value
    }
  }

  func completed(_ side: inout some HostSide, _ id: Int, _ urb: URB, _ result: URBResult) {
    side.change(Usbtest.self, place) {
      $0.queue.left -= 1
      $0.queue.packets += packets
      if result.status != 0 { $0.queue.errors += packets }
    }
    guard let queue = side.bound(Usbtest.self, place)?.queue else { return }
    side.change(Usbtest.self, place) { $0.queue.pending -= 1 }
    if result.status == 0, queue.left > queue.pending - 1, !queue.isRefused {
      let bytes = urb.isoLengths.first ?? 0
      let ret = submit(&side, urb.endpoint, urb.length, bytes)
      if ret == 0 { return }
      if ret != Errno.ENODEV.negated, ret != Errno.ESHUTDOWN.negated {
        side.usbtestLog(place, "resubmit err \(ret)")
      }
      side.change(Usbtest.self, place) { $0.queue.isRefused = true }
    }
    if queue.pending == 1, queue.errors > 0 {
      side.usbtestLog(
        place, "during the test, \(queue.errors) errors out of \(queue.packets)")
    }
    side.usbtestCameBack(place)
  }
}
