import USB

/// Sets resolution multipliers of wheels to their maximum, one feature report after the other
/// (`hidinput_change_resolution_multipliers()`). Returns 0, or below 0 when the device refused one.
struct HIDMultipliers: HostRoutine {
  var device: Int
  var interface: Int
  /// True for a device that is not asked for reports, a boot keyboard or mouse.
  var asksNothing: Bool
  /// Reports left to do, the next one first.
  private var left: [HIDReport]
  private var hasAsked = false
  /// Bytes the driver has for a report (`bufsize`).
  private var room: Int

  init(device: Int, interface: Int, asksNothing: Bool, descriptor: HIDDescriptor) {
    self.device = device
    self.interface = interface
    self.asksNothing = asksNothing
    left = descriptor.multiplierReports
    room = max(
      64, descriptor.longest(.input), descriptor.longest(.output), descriptor.longest(.feature))
  }

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    if case .value(let value) = input {
      if hasAsked {
        hasAsked = false
      } else {
        if value.ret < 0 { return .done(value.ret) }
        left.removeFirst()
        return next(side)
      }
      return set()
    }
    return next(side)
  }

  /// What a report of several fields holds is read before it is written.
  private mutating func next(_ side: some HostSide) -> RoutineStep {
    guard let report = left.first else { return .done(0) }
    guard report.fields.count > 1, !asksNothing else { return set() }
    hasAsked = true
    let packet = max(1, side.host.devices[device]?.ep0MaxPacket ?? 64)
    let length = min((max(1, report.length) + packet - 1) / packet * packet, room)
    return .call(message(0xa1, 1, report, length))
  }

  private func set() -> RoutineStep {
    guard let report = left.first else { return .done(0) }
    let bytes = report.withMultipliersAtMaximum
    var message = message(0x21, 9, report, bytes.count)
    message.data = bytes
    return .call(message)
  }

  private func message(
    _ type: UInt8, _ request: UInt8, _ report: HIDReport, _ length: Int
  ) -> ControlMessage {
    ControlMessage(
      device: device,
      setup: SetupPacket(
        type, request, value: 0x0300 | UInt16(report.id), index: UInt16(clamping: interface),
        length: UInt16(clamping: length)))
  }
}
