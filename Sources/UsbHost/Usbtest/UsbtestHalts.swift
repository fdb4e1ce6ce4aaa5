import USB

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
  /// The error the case ends with once a halt is cleared that was not as it shall be.
  private var failure: Int?

  init(place: InterfacePlace, endpoints: [UInt8], times: Int) {
    self.place = place
    self.endpoints = endpoints
    self.times = times
  }

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    guard let part else { return begin(.status, side.host.devices[place.device]?.speed) }
    let ret = judge(&side, part, input.value)
    if let failure { return failed(&side, failure) }
    guard ret >= 0 else {
      // The halt goes all the same, or the cases that follow would fail.
      guard [.halted, .refuses, .stillRefuses].contains(part) else { return failed(&side, ret) }
      failure = ret
      return begin(.clear, side.host.devices[place.device]?.speed)
    }
    if let next = Part(rawValue: part.rawValue + 1) {
      return begin(next, side.host.devices[place.device]?.speed)
    }
    index += 1
    if index == endpoints.count {
      index = 0
      times -= 1
    }
    return times > 0 ? begin(.status, side.host.devices[place.device]?.speed) : .done(0)
  }

  private func failed(_ side: inout some HostSide, _ ret: Int) -> RoutineStep {
    side.usbtestLog(place, "halts failed, iterations left \(times - 1)")
    return .done(ret)
  }

  private mutating func begin(_ next: Part, _ speed: UsbSpeed?) -> RoutineStep {
    part = next
    let endpoint = endpoints[index]
    func io(_ expected: Int, _ label: String) -> RoutineStep {
      .call(
        UsbtestSimple(
          place: place, endpoint: endpoint, length: speed == .super ? 1024 : 512, times: 1,
          expected: expected, label: label, shortIsError: false))
    }
    switch next {
    case .status, .halted, .again:
      return .call(
        DriverRequest(type: 0x82, request: 0, index: UInt16(endpoint), length: 2)
          .message(place.device))
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
    switch part {
    case .status, .again: return status(&side, value, 0)
    case .halted: return status(&side, value, 1)
    case .works, .worksAgain: return value.ret == 0 ? 0 : Errno.EINVAL.negated
    case .refuses, .stillRefuses:
      return value.ret == Errno.EPIPE.negated ? 0 : Errno.EINVAL.negated
    case .halt, .clear:
      if value.ret < 0 {
        side.usbtestLog(
          place, "ep \(name) couldn't \(part == .halt ? "set" : "clear") halt, \(value.ret)")
      }
      return min(0, value.ret)
    }
  }

  /// Whether an endpoint's status is that; whatever went wrong with asking for it is told as EIO.
  private func status(_ side: inout some HostSide, _ value: HostValue, _ wanted: UInt16) -> Int {
    let name = hex(UInt64(endpoints[index]), 2)
    guard value.ret == 2, value.data.count == 2 else {
      side.usbtestLog(
        place,
        "ep \(name) couldn't get \(wanted == 0 ? "no-halt" : "halt") status, \(Errno.EIO.negated)")
      return Errno.EIO.negated
    }
    let got = UInt16(low: value.data[0], high: value.data[1])
    guard got != wanted else { return 0 }
    side.usbtestLog(place, "ep \(name) bogus status: \(hex(UInt64(got), 4)) != \(wanted)")
    return Errno.EINVAL.negated
  }
}

/// `toggle_sync_simple()`: an odd number of packets, whose toggle is begun anew, and as many again.
struct UsbtestToggle: HostRoutine {
  var place: InterfacePlace
  var endpoint: UInt8
  var times: Int
  /// The number of the next part of four: cleared, sent, cleared, sent.
  private var part = 0

  init(place: InterfacePlace, endpoint: UInt8, times: Int) {
    self.place = place
    self.endpoint = endpoint
    self.times = times
  }

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    if input.value.ret < 0 { return failed(&side, input.value.ret) }
    if part == 4 {
      part = 0
      times -= 1
    }
    guard times > 0 else { return .done(0) }
    part += 1
    guard part % 2 == 0 else {
      return .call(ClearHalt(device: place.device, endpoint: endpoint))
    }
    let packet = Int(side.host.devices[place.device]?.endpoint(endpoint)?.1.maxPacket ?? 0)
    return .call(
      UsbtestSimple(
        place: place, endpoint: endpoint, length: 2 * packet, times: 1, label: "test_toggle_sync"))
  }

  private func failed(_ side: inout some HostSide, _ ret: Int) -> RoutineStep {
    let isClearing = part % 2 == 1
    if isClearing {
      let name = hex(UInt64(endpoint), 2)
      side.usbtestLog(place, "ep \(name) couldn't clear halt, \(ret)")
    }
    side.usbtestLog(place, "toggle sync failed, iterations left \(times - 1)")
    return .done(part == 2 ? Errno.EINVAL.negated : ret)
  }
}
