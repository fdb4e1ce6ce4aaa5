import USB

/// `ch9_postconfig()`: the requests every configured device has to answer.
struct UsbtestChapter9: HostRoutine {
  /// A request, and what its answer is judged by.
  private enum Part: Equatable, Sendable {
    case set(Int)
    case setting(Int)
    case configuration
    case device
    case configurations(Int)
    case qualifier
    case otherSpeed(Int)
    case deviceStatus
    case interfaceStatus
  }

  var place: InterfacePlace
  private var times: Int
  private var left: [Part] = []
  private var part: Part?

  init(_ place: InterfacePlace, _ times: Int) {
    self.place = place
    self.times = times
  }

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    guard let device = side.host.devices[place.device] else { return .done(Errno.ENODEV.negated) }
    if let part {
      let ret = judge(&side, part, input.value, device)
      guard ret >= 0 else {
        side.usbtestLog(place, "ch9 subset failed, iterations left \(times)")
        return .done(ret)
      }
    }
    if left.isEmpty {
      guard times > 0 else { return .done(0) }
      times -= 1
      left = parts(device).reversed()
    }
    let next = left.removeLast()
    part = next
    return .call(routine(next))
  }

  private func parts(_ device: UsbDevice) -> [Part] {
    let settings = device.settings(place.interface)
    let count = Int(device.descriptor[17])
    var parts: [Part] = []
    if settings.count > 1 {
      parts += settings.flatMap { [.set($0.alternate), .setting($0.alternate)] }
    }
    if count != 1 { parts.append(.configuration) }
    parts.append(.device)
    parts += (0..<count).map { .configurations($0) }
    if device.bcdUSB == 0x0200 { parts.append(.qualifier) }
    return parts + [.deviceStatus, .interfaceStatus]
  }

  private static let most = 256

  private func routine(_ part: Part) -> any HostRoutine {
    func descriptor(_ type: UInt8, _ index: Int, _ size: Int) -> any HostRoutine {
      GetDescriptor(
        device: place.device, type: type, index: UInt8(clamping: index), size: size)
    }
    func ask(_ type: UInt8, _ request: UInt8, _ index: Int, _ length: Int) -> any HostRoutine {
      DriverRequest(type: type, request: request, index: UInt16(clamping: index), length: length)
        .message(place.device)
    }
    switch part {
    case .set(let alternate):
      return SetInterface(
        device: place.device, interface: place.interface, alternate: alternate)
    case .setting: return ask(0x81, 10, place.interface, 1)
    case .configuration: return ask(0x80, 8, 0, 1)
    case .device: return descriptor(1, 0, 18)
    case .configurations(let index): return descriptor(2, index, Self.most)
    case .qualifier: return descriptor(6, 0, 10)
    case .otherSpeed(let index): return descriptor(7, index, Self.most)
    case .deviceStatus: return ask(0x80, 0, 0, 2)
    case .interfaceStatus: return ask(0x81, 0, place.interface, 2)
    }
  }

  /// 0 to go on, or the error the case ends with.
  private mutating func judge(
    _ side: inout some HostSide, _ part: Part, _ value: HostValue, _ device: UsbDevice
  ) -> Int {
    let ret = value.ret
    let failure = ret < 0 ? ret : Errno.EDOM.negated
    func wrong(_ isRight: Bool, _ text: String) -> Int {
      if isRight { return 0 }
      side.usbtestLog(place, text)
      return failure
    }
    switch part {
    case .set(let alternate):
      return wrong(ret >= 0, "can't set_interface = \(alternate), \(ret)")
    case .setting(let alternate):
      let got = ret == 1 ? Int(value.data.first ?? 0) : failure
      return wrong(got == alternate, "get alt should be \(alternate), was \(got)")
    case .configuration:
      let wanted = device.activeConfiguration?.value ?? 0
      let got = value.data.first ?? 0
      return wrong(ret == 1 && got == wanted, "get config --> \(ret) \(got) (1 \(wanted))")
    case .device: return wrong(ret == 18, "dev descriptor --> \(ret)")
    case .configurations(let index):
      return wrong(isGood(&side, value), "config [\(index)] descriptor --> \(ret)")
    case .qualifier:
      if ret == Errno.EPIPE.negated {
        return wrong(device.speed != .high, "hs dev qualifier --> \(ret)")
      }
      guard ret == 10 else { return wrong(false, "dev qualifier --> \(ret)") }
      left += (0..<Int(value.data[8])).reversed().map { .otherSpeed($0) }
      return 0
    case .otherSpeed: return wrong(isGood(&side, value), "other speed config --> \(ret)")
    case .deviceStatus: return wrong(ret == 2, "get dev status --> \(min(ret, 0))")
    case .interfaceStatus: return wrong(ret == 2, "get interface status --> \(min(ret, 0))")
    }
  }

  /// `is_good_config()`.
  private func isGood(_ side: inout some HostSide, _ value: HostValue) -> Bool {
    let data = value.data
    guard value.ret >= 9, data.count >= 9, [2, 7].contains(data[1]) else { return false }
    guard data[0] == 9 else {
      side.usbtestLog(place, "bogus config descriptor length")
      return false
    }
    guard data[7] & 0x1f == 0 else {
      side.usbtestLog(place, "reserved config bits set")
      return false
    }
    let total = Int(UInt16(low: data[2], high: data[3]))
    if total == value.ret || total >= Self.most { return true }
    side.usbtestLog(place, "bogus config descriptor read size")
    return false
  }
}

/// `test_ctrl_queue()`: control transfers are queued, some of which have to fail.
struct UsbtestControls: HostRoutine {
  var place: InterfacePlace
  var queued: Int
  var total: Int
  private var isBegun = false

  init(place: InterfacePlace, queued: Int, total: Int) {
    self.place = place
    self.queued = queued
    self.total = total
  }

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    guard let driver = side.bound(Usbtest.self, place) else { return .done(Errno.ENODEV.negated) }
    guard !isBegun else {
      return driver.queue.pending > 0
        ? side.awaitUsbtest(place, task) : .done(driver.queue.status)
    }
    isBegun = true
    guard queued > 0, let device = side.host.devices[place.device] else {
      return .done(Errno.EOPNOTSUPP.negated)
    }
    let total = total
    side.change(Usbtest.self, place) { $0.queue = UsbtestQueue(left: total) }
    for index in 0..<queued {
      let owner = UsbtestControl(
        place: place, number: index % 16, expected: expected(index % 16, device))
      owner.submit(&side, setup(index % 16, device))
    }
    return side.awaitUsbtest(place, task)
  }

  /// The requests, by their numbers.
  private func setup(_ number: Int, _ device: UsbDevice) -> SetupPacket {
    let packet = device.ep0MaxPacket
    let whole = packet == 8 ? 24 : packet == 16 ? 32 : packet
    let index = UInt16(clamping: place.interface)
    let bos = device.bos?.count ?? 5
    let table: [(UInt8, UInt8, UInt16, UInt16, Int)] = [
      (0x80, 6, 0x0100, 0, 18), (0x80, 6, 0x0200, 0, 9), (0x81, 10, 0, index, 1),
      (0x81, 0, 0, index, 2), (0x80, 0, 0, 0, 2), (0x80, 6, 0x0600, 0, 10),
      (0x80, 6, 0x0200, 0, 18), (0x80, 6, 0x0400, 0, 9), (0x02, 1, 0, 0, 0), (0x82, 0, 0, 0, 2),
      (0x80, 6, 0x0200, 0, 1024), (0x80, 6, 0x0500, 0, 9), (0x80, 6, 0x0300, 0, 9),
      (0x80, 6, 0x0200, 0, 1024 - packet), (0x80, 6, 0x0100, 0, whole), (0x80, 6, 0x0f00, 0, bos),
    ]
    let (type, request, value, at, length) = table[number]
    return SetupPacket(type, request, value: value, index: at, length: UInt16(clamping: length))
  }

  /// What a request has to come to; above 0 for what it may come to instead of 0.
  private func expected(_ number: Int, _ device: UsbDevice) -> Int {
    switch number {
    case 5: device.speed != .high ? -Errno.EPIPE.negated : 0
    case 7, 11: Errno.EPIPE.negated
    case 8: -Errno.EPIPE.negated
    case 12: -Errno.EREMOTEIO.negated
    case 10, 13, 14: Errno.EREMOTEIO.negated
    case 15: device.bcdUSB < 0x0201 ? Errno.EPIPE.negated : 0
    default: 0
    }
  }
}

/// A queued control transfer (`ctrl_complete()`).
struct UsbtestControl: URBOwner {
  var place: InterfacePlace
  var number: Int
  var expected: Int

  /// Submits it; it counts as pending while it is in flight.
  func submit(_ side: inout some HostSide, _ setup: SetupPacket) {
    guard let device = side.host.devices[place.device] else { return }
    let urb = URB(
      half: device.half, device: place.device, address: device.devnum,
      endpoint: setup.movesIn ? 0x80 : 0, type: .control, setup: setup, isIn: setup.movesIn,
      buffer: [], length: Int(setup.wLength), shortNotOK: setup.movesIn)
    switch side.submit(urb, owner: self) {
    case .success: side.change(Usbtest.self, place) { $0.queue.pending += 1 }
    case .failure(let error):
      side.change(Usbtest.self, place) {
        if $0.queue.status == 0 { $0.queue.status = error.value }
      }
    }
  }

  func completed(_ side: inout some HostSide, _ id: Int, _ urb: URB, _ result: URBResult) {
    guard let queue = side.bound(Usbtest.self, place)?.queue else { return }
    side.change(Usbtest.self, place) {
      $0.queue.pending -= 1
      $0.queue.left -= 1
    }
    var status = result.status
    let isAllowed =
      status == expected || expected > 0 && (status == -expected || status == 0)
      || number == 12 && status == Errno.EPIPE.negated
    if isAllowed { status = 0 }
    if status != 0, queue.status == 0, let setup = urb.setup {
      if status != Errno.ECONNRESET.negated {
        side.usbtestLog(place, "subtest \(number) error, status \(status)")
      }
      let request =
        "\(hex(UInt64(setup.bmRequestType), 2)).\(hex(UInt64(setup.bRequest), 2))"
      side.usbtestLog(
        place,
        "control queue \(request), err \(status), \(queue.left - 1) left, subcase \(number), "
          + "len \(result.actual)/\(urb.length)")
      side.change(Usbtest.self, place) { $0.queue.status = status }
      side.flush(device: place.device, .ECONNRESET) { $0.endpoint & 0x7f == 0 }
    }
    guard status == 0, queue.status == 0, let setup = urb.setup,
      let now = side.bound(Usbtest.self, place)?.queue, now.pending < now.left
    else { return side.usbtestCameBack(place) }
    submit(&side, setup)
  }
}

/// `unlink_simple()`: transfers that are submitted again and again until they are taken back, first by unlinking, then
/// by killing them.
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
        let offset = kills ? 2000 : 1000
        return failed(&side, driver.queue.status - offset)
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
    let ret = UsbtestQueued(place: place, again: true).submit(&side, endpoint, length)
    guard ret >= 0 else {
      side.usbtestLog(place, "submit fail \(ret)")
      return failed(&side, ret)
    }
    return .sleep(milliseconds: 1)
  }

  private func failed(_ side: inout some HostSide, _ ret: Int) -> RoutineStep {
    side.usbtestLog(place, "unlink \(label) failed \(ret), iterations left \(times - 1)")
    return .done(ret)
  }
}

/// `unlink_queued()`: two transfers are taken out of the middle of a queue.
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
      isWaiting = false
      times -= 1
      guard driver.queue.status == 0 else {
        side.usbtestLog(
          place,
          "unlink queued writes failed \(driver.queue.status), iterations left \(times)")
        return .done(driver.queue.status)
      }
    }
    guard times > 0 else { return .done(0) }
    side.change(Usbtest.self, place) { $0.queue = UsbtestQueue() }
    for _ in 0..<queued {
      let ret = UsbtestQueued(place: place, again: false).submit(&side, endpoint, length)
      if ret < 0 { side.change(Usbtest.self, place) { $0.queue.status = ret } }
    }
    let urbs = side.inFlight(place.device, endpoint)
    if urbs.count == queued {
      for index in [queued - 4, queued - 2] { side.unlink(urbs[index], .ECONNRESET) }
    } else {
      for urb in urbs { side.unlink(urb, .ECONNRESET) }
    }
    isWaiting = true
    return urbs.isEmpty ? .pause(1) : side.awaitUsbtest(place, task)
  }
}

/// A queued bulk transfer: submitted again while it succeeds, or one of a queue.
struct UsbtestQueued: URBOwner {
  var place: InterfacePlace
  var again: Bool

  /// Submits it: 0, or a negative error number.
  func submit(_ side: inout some HostSide, _ endpoint: UInt8, _ length: Int) -> Int {
    guard let urb = side.usbtestURB(place, endpoint, length: length) else {
      return Errno.ENOENT.negated
    }
    switch side.submit(urb, owner: self) {
    case .success:
      side.change(Usbtest.self, place) { $0.queue.pending += 1 }
      return 0
    case .failure(let error): return error.value
    }
  }

  func completed(_ side: inout some HostSide, _ id: Int, _ urb: URB, _ result: URBResult) {
    side.change(Usbtest.self, place) { $0.queue.pending -= 1 }
    var status = result.status
    if again, status == 0 {
      status = submit(&side, urb.endpoint, urb.length)
      if status == 0 { return }
    }
    // Two of a queue may end as taken back.
    let isTaken = !again && status == Errno.ECONNRESET.negated
    if status != 0, !isTaken {
      side.change(Usbtest.self, place) { if $0.queue.status == 0 { $0.queue.status = status } }
    }
    side.usbtestCameBack(place)
  }
}
