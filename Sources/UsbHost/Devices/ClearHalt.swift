import USB

/// `usb_clear_halt()`.
struct ClearHalt: HostRoutine {
  var device: Int
  var endpoint: UInt8

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    if case .value(let value) = input { return .done(min(0, value.ret)) }
    return .call(
      ControlMessage(
        device: device,
        setup: SetupPacket(2, 1, value: 0, index: UInt16(endpoint), length: 0)))
  }
}
