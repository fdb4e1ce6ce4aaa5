import USB

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
