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
  private var descriptor = HIDDescriptorBuffer()

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
    if case .value(let value) = input { descriptor.take(value.data) }
    if case .value(let value) = input, value.ret >= known.count || tries >= 4 {
      if value.ret < 0 { return .done(value.ret) }
      guard descriptor.bytes(known.count) == known else { return .done(-1) }
      stage = .idle
      return .call(ControlMessage.setIdle(device: device, interface: interface))
    }
    stage = .report(tries: tries + 1)
    return .call(
      ControlMessage.reportDescriptor(device: device, interface: interface, length: known.count))
  }
}

/// Where the tries of `hid_get_class_descriptor()` leave what the device sends: a later answer that is shorter does
/// not take away what an earlier one brought.
struct HIDDescriptorBuffer: Equatable, Sendable {
  private var received: [UInt8] = []

  mutating func take(_ data: [UInt8]) {
    received.replaceSubrange(0..<min(data.count, received.count), with: data)
  }

  /// The buffer, which was zeros before.
  func bytes(_ length: Int) -> [UInt8] {
    received.prefix(length) + [UInt8](repeating: 0, count: max(0, length - received.count))
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
