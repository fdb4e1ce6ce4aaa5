import USB

/// Sets resolution multipliers of wheels to their maximum, one feature report after the other
/// (`hidinput_change_resolution_multipliers()`). Returns 0, or below 0 when the device refused one.
struct HIDMultipliers: HostRoutine {
  private enum Stage: Equatable, Sendable {
    case start
    /// Waits until the device has told what a report holds.
    case asked
    case set
    /// Gives a report up that the device refused, with the error.
    case undone(Int)
  }

  var device: Int
  var interface: Int
  /// True for a device that is not asked for reports, a boot keyboard or mouse.
  var asksNothing: Bool
  /// Reports left to do, the next one first.
  private var left: [HIDReport]
  private var stage = Stage.start
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
    guard let report = left.first else { return .done(0) }
    guard case .value(let value) = input else { return next(side) }
    switch stage {
    case .start: return next(side)
    case .asked:
      // What the device says it holds is not used: while the driver probes, no report is taken in.
      if value.ret < 0, value.ret != Errno.ETIMEDOUT.negated {
        side.warn(of: value.ret, on: .control, device)
      }
      return set(report)
    case .set where value.ret >= 0:
      left.removeFirst()
      return next(side)
    case .set:
      // The multipliers are put back, for which the report is read again.
      guard isAsked(report) else { return .done(value.ret) }
      stage = .undone(value.ret)
      return get(side, report)
    case .undone(let error): return .done(error)
    }
  }

  /// A report of several fields is asked for before it is written.
  private mutating func next(_ side: some HostSide) -> RoutineStep {
    guard let report = left.first else { return .done(0) }
    guard isAsked(report) else { return set(report) }
    stage = .asked
    return get(side, report)
  }

  private func isAsked(_ report: HIDReport) -> Bool { report.fields.count > 1 && !asksNothing }

  private func get(_ side: some HostSide, _ report: HIDReport) -> RoutineStep {
    let packet = max(1, side.host.devices[device]?.ep0MaxPacket ?? 64)
    let length = min((max(1, report.length) + packet - 1) / packet * packet, room)
    var message = message(0xa1, 1, report, length)
    message.timeout = 10_000
    return .call(message)
  }

  private mutating func set(_ report: HIDReport) -> RoutineStep {
    let bytes = report.withMultipliersAtMaximum
    stage = .set
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
