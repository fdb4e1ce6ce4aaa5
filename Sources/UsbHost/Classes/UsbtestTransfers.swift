import USB

extension HostSide {
  /// An error of a case in the kernel log.
  mutating func usbtestLog(_ place: InterfacePlace, _ text: String) {
    interfaceLog(Usbtest.name, place, text)
  }

  /// An URB of a case, with its pattern.
  func usbtestURB(
    _ place: InterfacePlace, _ endpoint: UInt8, length: Int, pattern: [UInt8]? = nil
  ) -> URB? {
    guard let found = host.devices[place.device]?.endpoint(endpoint)?.1 else { return nil }
    let isIn = endpoint & 0x80 != 0
    let data = isIn ? [] : pattern ?? Usbtest.pattern(length, packet: found.packetSize)
    guard var urb = urb(place, endpoint, data: data, length: length) else { return nil }
    urb.zeroPacket = !isIn
    urb.shortNotOK = isIn
    let isFast = (host.devices[place.device]?.speed ?? .high) == .high
    if found.type == .interrupt { urb.interval = isFast ? 8 : 1 }
    return urb
  }

  /// `simple_check_buf()`: 0, or EINVAL with a line about the first byte that is not as expected.
  mutating func usbtestCheck(
    _ place: InterfacePlace, _ endpoint: UInt8, _ data: [UInt8]
  ) -> Int {
    let packet = host.devices[place.device]?.endpoint(endpoint)?.1.packetSize ?? 0
    let expected = Usbtest.pattern(data.count, packet: packet)
    guard let at = zip(data, expected).enumerated().first(where: { $0.element.0 != $0.element.1 })
    else { return 0 }
    usbtestLog(place, "buf[\(at.offset)] = \(at.element.0) (not \(at.element.1))")
    return Errno.EINVAL.negated
  }
}

/// `simple_io()`: one transfer after the other, of one length or of several.
struct UsbtestSimple: HostRoutine {
  var place: InterfacePlace
  var endpoint: UInt8
  /// Bytes of the first one, and at most.
  var length: Int
  var times: Int
  var vary: Int
  var expected: Int
  var label: String
  private var current: Int
  private var isAsked = false

  init(
    place: InterfacePlace, endpoint: UInt8, length: Int, times: Int, vary: Int, expected: Int,
    label: String
  ) {
    self.place = place
    self.endpoint = endpoint
    self.length = length
    self.times = times
    self.vary = vary
    self.expected = expected
    self.label = label
    current = length
  }

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    var ret = 0
    if isAsked {
      isAsked = false
      ret = min(0, input.value.ret)
      if ret == 0, endpoint & 0x80 != 0 {
        ret = side.usbtestCheck(place, endpoint, input.value.data)
      }
      if vary > 0, length > 0 {
        current = (current + vary) % length
        if current == 0 { current = min(vary, length) }
      }
    }
    guard ret == 0, times > 0 else { return over(&side, ret) }
    times -= 1
    guard let urb = side.usbtestURB(place, endpoint, length: current) else {
      return over(&side, Errno.ENOENT.negated)
    }
    isAsked = true
    return .call(URBMessage(urb: urb, timeout: 10_000))
  }

  private func over(_ side: inout some HostSide, _ ret: Int) -> RoutineStep {
    if ret != expected {
      // The count is of those after the one that failed; it is one less when none did.
      let left = ret == 0 ? -1 : times
      side.deviceLog(
        place.device,
        "\(label) failed, iterations left \(left), status \(ret) (not \(expected))")
    }
    return .done(ret)
  }
}

/// `perform_sglist()`: a list of buffers as one transfer. All but the last have to be whole packets.
struct UsbtestLists: HostRoutine {
  var place: InterfacePlace
  var endpoint: UInt8
  var length: Int
  var vary: Int
  var entries: Int
  var times: Int

  private var sizes: [Int] {
    var sizes: [Int] = []
    var size = length
    for _ in 0..<entries {
      sizes.append(size)
      guard vary > 0, length > 0 else { continue }
      size = (size + vary) % length
      if size == 0 { size = min(vary, length) }
    }
    return sizes
  }

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    if length == 0 { return .done(Errno.ENOMEM.negated) }
    if input.value.ret < 0 { return failed(&side, input.value.ret) }
    guard times > 0 else { return .done(0) }
    times -= 1
    let packet = side.host.devices[place.device]?.endpoint(endpoint)?.1.packetSize ?? 0
    guard packet > 0 else { return failed(&side, Errno.ENOENT.negated) }
    guard sizes.dropLast().allSatisfy({ $0 % packet == 0 }) else {
      return failed(&side, Errno.EINVAL.negated)
    }
    let total = sizes.reduce(0, +)
    guard
      var urb = side.usbtestURB(
        place, endpoint, length: total, pattern: Usbtest.pattern(total, packet: packet))
    else { return failed(&side, Errno.ENOENT.negated) }
    urb.zeroPacket = false
    return .call(URBMessage(urb: urb, timeout: 10_000))
  }

  private func failed(_ side: inout some HostSide, _ ret: Int) -> RoutineStep {
    side.usbtestLog(place, "perform_sglist failed, iterations left \(times), status \(ret)")
    return .done(ret)
  }
}

/// `ctrl_out()`: bytes are written by control transfers and read back.
struct UsbtestReadBack: HostRoutine {
  private enum Stage: Equatable, Sendable {
    case start
    case written
    case read
  }

  var place: InterfacePlace
  var length: Int
  var vary: Int
  var times: Int
  private var stage = Stage.start
  private var count = 0
  private var current: Int

  init(place: InterfacePlace, length: Int, vary: Int, times: Int) {
    self.place = place
    self.length = length
    self.vary = vary
    self.times = times
    current = length
  }

  private var bytes: [UInt8] { (0..<current).map { UInt8(truncatingIfNeeded: count + $0) } }

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    let value = input.value
    switch stage {
    case .start:
      guard (1...0xffff).contains(length), vary < length else {
        return .done(Errno.EINVAL.negated)
      }
      return write()
    case .written:
      guard value.ret == current else { return failed(&side, "write", value.ret, "wlen") }
      stage = .read
      return .call(
        DriverRequest(type: 0xc0, request: 0x5c, length: current).message(place.device))
    case .read:
      guard value.ret == current else { return failed(&side, "read", value.ret, "rlen") }
      let wanted = bytes
      if let at = zip(value.data, wanted).enumerated().first(where: { $0.element.0 != $0.element.1 }
      ) {
        side.usbtestLog(
          place, "ctrl_out, byte \(at.offset) is \(at.element.0) not \(at.element.1)")
        return failed(&side, "verify", Errno.EBADMSG.negated, nil)
      }
      count += 1
      guard count < times else { return .done(current) }
      current += vary
      if current > length { current = 1 }
      return write()
    }
  }

  private mutating func write() -> RoutineStep {
    stage = .written
    return .call(DriverRequest(type: 0x40, request: 0x5b, data: bytes).message(place.device))
  }

  private func failed(
    _ side: inout some HostSide, _ what: String, _ ret: Int, _ word: String?
  ) -> RoutineStep {
    var ret = ret
    if let word, ret >= 0 {
      side.usbtestLog(place, "ctrl_out, \(word) \(ret) (expected \(current))")
      ret = Errno.EBADMSG.negated
    }
    side.usbtestLog(place, "ctrl_out \(what) failed, code \(ret), count \(count)")
    return .done(ret)
  }
}

/// `halt_simple()`: endpoints are halted and work again afterwards.
struct UsbtestHalts: HostRoutine {
  /// What is done to an endpoint, in order.
  private enum Part: Int, Equatable, Sendable {
    case status
    case works
    case halt
    case halted
    case refuses
    case stillRefuses
    case clear
    case again
    case worksAgain
  }

  var place: InterfacePlace
  var endpoints: [UInt8]
  var times: Int
  private var part: Part?
  private var index = 0

  init(place: InterfacePlace, endpoints: [UInt8], times: Int) {
    self.place = place
    self.endpoints = endpoints
    self.times = times
  }

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    if let part {
      let ret = judge(&side, part, input.value)
      guard ret >= 0 else {
        side.usbtestLog(place, "halts failed, iterations left \(times - 1)")
        return .done(ret)
      }
      if let next = Part(rawValue: part.rawValue + 1) { return begin(&side, next) }
      index += 1
      if index == endpoints.count {
        index = 0
        times -= 1
      }
    }
    return times > 0 ? begin(&side, .status) : .done(0)
  }

  private mutating func begin(_ side: inout some HostSide, _ next: Part) -> RoutineStep {
    part = next
    let endpoint = endpoints[index]
    let length = side.host.devices[place.device]?.speed == .super ? 1024 : 512
    func io(_ expected: Int, _ label: String) -> RoutineStep {
      .call(
        UsbtestSimple(
          place: place, endpoint: endpoint, length: length, times: 1, vary: 0, expected: expected,
          label: label))
    }
    switch next {
    case .status, .halted, .again:
      return .call(
        DriverRequest(type: 0x82, request: 0, index: UInt16(endpoint), length: 2).message(
          place.device))
    case .works, .worksAgain: return io(0, "verify_not_halted")
    case .refuses: return io(Errno.EPIPE.negated, "verify_halted")
    case .stillRefuses: return io(Errno.EPIPE.negated, "verify_still_halted")
    case .halt:
      return .call(
        DriverRequest(type: 0x02, request: 3, index: UInt16(endpoint)).message(place.device))
    case .clear: return .call(ClearHalt(device: place.device, endpoint: endpoint))
    }
  }

  /// 0 to go on, or the error the case ends with.
  private func judge(_ side: inout some HostSide, _ part: Part, _ value: HostValue) -> Int {
    let name = hex(UInt64(endpoints[index]), 2)
    let status = value.data.count == 2 ? UInt16(low: value.data[0], high: value.data[1]) : 0
    func bogus(_ wanted: UInt16) -> Int {
      if value.ret < 0 {
        side.usbtestLog(
          place, "ep \(name) couldn't get \(wanted == 0 ? "no-halt" : "halt") status, \(value.ret)")
        return value.ret
      }
      guard status != wanted else { return 0 }
      side.usbtestLog(place, "ep \(name) bogus status: \(hex(UInt64(status), 4)) != \(wanted)")
      return Errno.EINVAL.negated
    }
    switch part {
    case .status, .again: return bogus(0)
    case .halted: return bogus(1)
    case .works, .worksAgain: return value.ret == 0 ? 0 : Errno.EINVAL.negated
    case .refuses, .stillRefuses:
      return value.ret == Errno.EPIPE.negated ? 0 : Errno.EINVAL.negated
    case .halt, .clear:
      if value.ret < 0 {
        let verb = part == .halt ? "set" : "clear"
        side.usbtestLog(place, "ep \(name) couldn't \(verb) halt, \(value.ret)")
      }
      return min(0, value.ret)
    }
  }
}
