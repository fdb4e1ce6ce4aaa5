import USB

/// What usbhid does about a failed poll (`hid_retry_timeout()`, `hid_reset()`).
struct HIDRecovery: HostRoutine {
  /// What helps.
  enum Measure: Equatable, Sendable {
    /// Polls again, that many milliseconds later.
    case poll(after: Int)
    /// Clears the endpoint's halt, and resets the port where that fails.
    case clearHalt
    case resetPort
  }

  private enum Stage: Equatable, Sendable {
    case start
    case waited
    case cleared
    case reset
  }

  var device: Int
  var interface: Int
  var measure: Measure
  private var stage = Stage.start

  init(device: Int, interface: Int, measure: Measure) {
    self.device = device
    self.interface = interface
    self.measure = measure
  }

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    guard let hid = side.hid(device, interface) else {
      return .done(0)
    }
    var ret = 0
    if case .value(let value) = input { ret = value.ret }
    switch stage {
    case .start: return start(hid)
    case .waited:
      side.pollHID(device, interface)
      return .done(0)
    case .cleared:
      if ret < 0 { return reset() }
      side.pollHID(device, interface)
      return .done(0)
    case .reset:
      return .done(0)
    }
  }

  private mutating func start(_ hid: HIDInterface) -> RoutineStep {
    switch measure {
    case .poll(let delay):
      stage = .waited
      return .sleep(milliseconds: delay)
    case .clearHalt:
      stage = .cleared
      return .call(ClearHalt(device: device, endpoint: hid.endpoint))
    case .resetPort: return reset()
    }
  }

  private mutating func reset() -> RoutineStep {
    stage = .reset
    return .call(ResetDevice(device: device))
  }
}
