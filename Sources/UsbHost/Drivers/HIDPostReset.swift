import USB

/// `hid_post_reset()`: goes on with a device that was reset when its reports are still the same.
struct HIDPostReset: HostRoutine {
  private enum Stage: Equatable, Sendable {
    case report(tries: Int)
    case idle
  }

  var device: Int
  var interface: Int
  private var stage = Stage.report(tries: 0)

  init(device: Int, interface: Int) {
    self.device = device
    self.interface = interface
  }

  /// Returns 0, or something else when the driver has to begin anew.
  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    guard let hid = side.hid(device, interface) else {
      return .done(0)
    }
    guard case .report(let tries) = stage else {
      side.restartHID(device, interface)
      return .done(0)
    }
    let known = hid.reportDescriptor
    if case .value(let value) = input, value.ret >= known.count || tries >= 4 {
      if value.ret < 0 { return .done(value.ret) }
      let missing = max(0, known.count - value.data.count)
      guard value.data + [UInt8](repeating: 0, count: missing) == known else {
        return .done(-1)
      }
      stage = .idle
      return .call(ControlMessage.setIdle(device: device, interface: interface))
    }
    stage = .report(tries: tries + 1)
    return .call(
      ControlMessage.reportDescriptor(device: device, interface: interface, length: known.count))
  }
}

extension ControlMessage {
  /// `hid_set_idle()`: reports come only when something changes.
  static func setIdle(device: Int, interface: Int) -> ControlMessage {
    ControlMessage(
      device: device,
      setup: SetupPacket(0x21, 10, value: 0, index: UInt16(clamping: interface), length: 0))
  }

  /// A request for the report descriptor of an interface.
  static func reportDescriptor(device: Int, interface: Int, length: Int) -> ControlMessage {
    ControlMessage(
      device: device,
      setup: SetupPacket(
        0x81, 6, value: 0x2200, index: UInt16(clamping: interface),
        length: UInt16(clamping: length)))
  }
}
