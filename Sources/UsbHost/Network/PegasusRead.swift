import USB

/// A register that is read by way of others: what is wanted is written, the chip says when it is done, and answers.
struct PegasusRead: HostRoutine {
  private enum Stage: Equatable, Sendable {
    case writing
    case polling(left: Int)
    case reading
  }

  var place: InterfacePlace
  private var writes: [DriverRequest]
  private var poll: UInt16
  private var done: UInt8
  private var answer: UInt16
  private var stage = Stage.writing
  /// Questions until it is given up.
  private static let patience = 250

  init(
    place: InterfacePlace, _ writes: [DriverRequest], poll: UInt16, done: UInt8, answer: UInt16
  ) {
    self.place = place
    self.writes = writes
    self.poll = poll
    self.done = done
    self.answer = answer
  }

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    switch stage {
    case .writing:
      stage = .polling(left: Self.patience + 1)
      return .call(RequestList(device: place.device, writes, ignoresErrors: true))
    case .polling(let left):
      if left <= Self.patience {
        if input.value.ret < 0 { return .done(input.value.ret) }
        if (input.value.data.first ?? 0) & done != 0 {
          stage = .reading
          return .call(Pegasus.read(answer, 2).message(place.device))
        }
      }
      guard left > 1 else { return .done(Errno.ETIMEDOUT.negated) }
      stage = .polling(left: left - 1)
      return .call(Pegasus.read(poll, 1).message(place.device))
    case .reading:
      guard input.value.ret < 0 || input.value.ret == 2 else {
        return .done(Errno.EREMOTEIO.negated)
      }
      return .done(input.value)
    }
  }
}
