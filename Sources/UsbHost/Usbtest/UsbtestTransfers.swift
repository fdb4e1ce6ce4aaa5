import USB

extension HostSide {
  /// An URB of a case, with its pattern.
  ///
  /// - Parameter shortIsError: whether an answer shorter than asked for fails.
  func usbtestURB(
    _ place: InterfacePlace, _ endpoint: UInt8, length: Int, shortIsError: Bool = true
  ) -> URB? {
    guard let device = host.devices[place.device], let found = device.endpoint(endpoint)?.1 else {
      return nil
    }
    let isIn = endpoint & 0x80 != 0
    let data = isIn ? [] : Usbtest.pattern(length, packet: Int(found.maxPacket))
    guard var urb = urb(place, endpoint, data: data, length: length) else { return nil }
    urb.zeroPacket = !isIn
    urb.shortNotOK = isIn && shortIsError
    if found.type == .interrupt { urb.interval = device.speed == .high ? 8 : 1 }
    return urb
  }

  /// `simple_check_buf()`: 0, or EINVAL with a line about the first byte that is not as expected.
  mutating func usbtestCheck(_ place: InterfacePlace, _ endpoint: UInt8, _ data: [UInt8]) -> Int {
    let packet = host.devices[place.device]?.endpoint(endpoint)?.1.maxPacket ?? 0
    let expected = Usbtest.pattern(data.count, packet: Int(packet))
    guard let at = data.indices.first(where: { data[$0] != expected[$0] }) else { return 0 }
    usbtestLog(place, "buf[\(at)] = \(data[at]) (not \(expected[at]))")
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
  /// What the last one has to come to.
  var expected: Int
  var label: String
  var shortIsError: Bool
  private var current: Int
  private var isAsked = false

  init(
    place: InterfacePlace, endpoint: UInt8, length: Int, times: Int, vary: Int = 0,
    expected: Int = 0, label: String, shortIsError: Bool = true
  ) {
    self.place = place
    self.endpoint = endpoint
    self.length = length
    self.times = times
    self.vary = vary
    self.expected = expected
    self.label = label
    self.shortIsError = shortIsError
    current = length
  }

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    let ret = isAsked ? judge(&side, input.value) : 0
    guard ret == 0, times > 0 else { return over(&side, ret) }
    times -= 1
    guard
      let urb = side.usbtestURB(place, endpoint, length: current, shortIsError: shortIsError)
    else { return over(&side, Errno.ENOENT.negated) }
    isAsked = true
    return .call(URBMessage(urb: urb, timeout: 10_000))
  }

  /// What a transfer came to; the next one may have another length.
  private mutating func judge(_ side: inout some HostSide, _ value: HostValue) -> Int {
    if vary > 0, length > 0 {
      current = (current + vary) % length
      if current == 0 { current = min(vary, length) }
    }
    if value.ret < 0 || endpoint & 0x80 == 0 { return min(0, value.ret) }
    return side.usbtestCheck(place, endpoint, value.data)
  }

  private func over(_ side: inout some HostSide, _ ret: Int) -> RoutineStep {
    if ret != expected {
      // What counts down has gone below 0 when all were made.
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
      guard vary > 0 else { continue }
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
    let sizes = sizes
    guard var urb = side.usbtestURB(place, endpoint, length: sizes.reduce(0, +)) else {
      return failed(&side, Errno.ENOENT.negated)
    }
    let packet = side.host.devices[place.device]?.endpoint(endpoint)?.1.packetSize ?? 0
    guard packet > 0, sizes.dropLast().allSatisfy({ $0 % packet == 0 }) else {
      return failed(&side, Errno.EINVAL.negated)
    }
    urb.zeroPacket = false
    return .call(URBMessage(urb: urb, timeout: 10_000, errno: .ECONNRESET))
  }

  private func failed(_ side: inout some HostSide, _ ret: Int) -> RoutineStep {
    side.usbtestLog(place, "perform_sglist failed, iterations left \(times), status \(ret)")
    return .done(ret)
  }
}
