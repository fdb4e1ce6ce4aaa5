import USB

/// `ch341_get_status()`.
struct CH341Status: HostRoutine {
  var place: InterfacePlace
  private var asked = false

  init(place: InterfacePlace) { self.place = place }

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    guard asked else {
      asked = true
      return .call(
        CH341Call(
          place: place,
          [DriverRequest(type: 0xc0, request: 0x95, value: 0x0706, length: 2, timeout: 1000)]))
    }
    guard input.value.ret >= 0, let byte = input.value.data.first else {
      return .done(input.value.ret)
    }
    side.changeChip(CH341.self, place) { $0.status = ~byte & 0x0f }
    return .done(0)
  }
}

/// `ch341_dtr_rts()` and `ch341_tiocmset()`.
struct CH341Lines: HostRoutine {
  var place: InterfacePlace
  var lines: ModemLines
  private var asked = false

  init(place: InterfacePlace, lines: ModemLines) {
    self.place = place
    self.lines = lines
  }

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    if asked { return .done(input.value.ret) }
    asked = true
    let control: UInt8 = (lines.contains(.dtr) ? 0x20 : 0) | (lines.contains(.rts) ? 0x40 : 0)
    side.changeChip(CH341.self, place) { $0.control = control }
    return .call(CH341Call(place: place, [CH341.handshake(control)]))
  }
}

/// `ch341_break_ctl()`.
struct CH341Break: HostRoutine {
  private enum Stage: Equatable, Sendable {
    case start
    case read
    case written
  }

  var place: InterfacePlace
  var isOn: Bool
  private var stage = Stage.start

  init(place: InterfacePlace, isOn: Bool) {
    self.place = place
    self.isOn = isOn
  }

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    switch stage {
    case .start:
      stage = .read
      return .call(
        CH341Call(
          place: place,
          [DriverRequest(type: 0xc0, request: 0x95, value: 0x1805, length: 2, timeout: 1000)]))
    case .read:
      guard input.value.ret >= 0, input.value.data.count == 2 else { return .done(input.value.ret) }
      var low = input.value.data[0]
      var high = input.value.data[1]
      if isOn {
        low &= ~0x01
        high &= ~0x40
      } else {
        low |= 0x01
        high |= 0x40
      }
      stage = .written
      return .call(
        CH341Call(
          place: place,
          [
            DriverRequest(
              type: 0x40, request: 0x9a, value: 0x1805, index: UInt16(low: low, high: high),
              timeout: 1000)
          ]))
    case .written: return .done(input.value.ret)
    }
  }
}
