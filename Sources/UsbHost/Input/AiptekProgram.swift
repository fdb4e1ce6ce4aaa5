import USB

/// `aiptek_program_tablet()`: resolution, then what the tablet says of itself, then its mode. What fails ends it,
/// and the tablet is used all the same.
struct AiptekProgram: HostRoutine {
  private enum Stage: Equatable, Sendable {
    case sending
    case settling
    case reading
    case over
  }

  /// A command, or a question whose answer is read 400 ms later.
  private struct Step: Equatable, Sendable {
    var command: UInt8
    var data: UInt8
    var asks: Bool
  }

  var place: InterfacePlace
  private var next = 0
  private var stage = Stage.sending
  private static let steps = [
    Step(command: 0x18, data: 0x04, asks: false), Step(command: 0x02, data: 0, asks: true),
    Step(command: 0x03, data: 0, asks: true), Step(command: 0x04, data: 0, asks: true),
    Step(command: 0x01, data: 0, asks: true), Step(command: 0x01, data: 1, asks: true),
    Step(command: 0x08, data: 0, asks: true), Step(command: 0x10, data: 0x01, asks: false),
    Step(command: 0x11, data: 0x02, asks: false), Step(command: 0x12, data: 0xff, asks: false),
  ]

  init(place: InterfacePlace) { self.place = place }

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    let isFirst = input == .start
    switch stage {
    case .sending where isFirst: return send()
    case .sending:
      guard input.value.ret == 3 else { return over(&side) }
      guard Self.steps[next].asks else { return go(&side) }
      stage = .settling
      return .sleep(milliseconds: 400)
    case .settling:
      stage = .reading
      return .call(
        DriverRequest(
          type: 0xa1, request: 1, value: 0x0302, index: UInt16(clamping: place.interface), length: 3
        ).message(place.device))
    case .reading: return input.value.ret == 3 ? go(&side) : over(&side)
    case .over: return .done(0)
    }
  }

  private mutating func go(_ side: inout some HostSide) -> RoutineStep {
    next += 1
    return next < Self.steps.count ? send() : over(&side)
  }

  private mutating func send() -> RoutineStep {
    stage = .sending
    return .call(
      DriverRequest(
        type: 0x21, request: 9, value: 0x0302, index: UInt16(clamping: place.interface),
        data: [2, Self.steps[next].command, Self.steps[next].data]
      ).message(place.device))
  }

  private mutating func over(_ side: inout some HostSide) -> RoutineStep {
    stage = .over
    side.interfaceLog(Aiptek.driver, place, "Aiptek using 400 ms programming speed")
    return .done(0)
  }
}
