import USB

/// What usbhid does about a failed poll: waits and polls again, clears a halt, or resets the port.
struct HIDRecovery: HostRoutine {
  private enum Stage: Equatable, Sendable {
    case start
    case waited
    case cleared
    case reset
  }

  var device: Int
  var interface: Int
  /// Milliseconds until the next poll; nil for an error that waiting does not cure.
  var delay: Int?
  private var stage = Stage.start

  init(device: Int, interface: Int, delay: Int?) {
    self.device = device
    self.interface = interface
    self.delay = delay
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
    case .start:
      if let delay {
        stage = .waited
        return .sleep(milliseconds: delay)
      }
      if hid.retryDelay > 0 { return reset() }
      stage = .cleared
      return .call(ClearHalt(device: device, endpoint: hid.endpoint))
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

  private mutating func reset() -> RoutineStep {
    stage = .reset
    return .call(ResetDevice(device: device))
  }
}
