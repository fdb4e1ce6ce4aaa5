import USB

/// What the power-supply class keeps of a HID device's battery.
struct HIDBatteryState: Equatable, Sendable {
  /// The battery that is registered.
  var source: HIDBattery?
  /// True once the device has told by itself how full it is: it is no longer asked (`HID_BATTERY_REPORTED`).
  var isReported = false
  /// True while a worker tells of a change.
  var isTelling = false
  /// True when there is news that the worker has not told.
  var hasNews = false
}

/// Tells of a change of a battery (`power_supply_changed_work()`): an indicator light asks for its status, then
/// the event for programs for its capacity and its status, and each of them is asked of the device.
struct HIDBatteryQuery: HostRoutine {
  private enum Stage: Equatable, Sendable {
    case start
    /// Waits until the driver's probe is over (`power_supply_deferred_register_work()`).
    case deferred
    case asked(times: Int)
  }

  var device: Int
  var interface: Int
  var label: String
  /// True for the first time, which is put off.
  var isRegistration = false
  private var stage = Stage.start

  init(device: Int, interface: Int, label: String, isRegistration: Bool = false) {
    self.device = device
    self.interface = interface
    self.label = label
    self.isRegistration = isRegistration
  }

  mutating func step(
    _ side: inout some HostSide, task: Int, _ input: RoutineInput
  ) -> RoutineStep {
    guard let hid = side.hid(device, interface), hid.label == label,
      let battery = hid.battery.source
    else { return .done(0) }
    switch stage {
    case .start where isRegistration:
      stage = .deferred
      return .delayed(milliseconds: 10, now: side.now)
    case .deferred where !hid.isProbed || side.now < hid.listensFrom:
      return .sleep(milliseconds: 10)
    case .deferred, .start: return tell(&side, hid, battery, after: 0)
    case .asked(let times): return tell(&side, hid, battery, after: times)
    }
  }

  /// Asks up to three times, and anew when there is news in the meantime.
  private mutating func tell(
    _ side: inout some HostSide, _ hid: HIDInterface, _ battery: HIDBattery, after times: Int
  ) -> RoutineStep {
    var (hid, times) = (hid, times)
    let isAsked = battery.isAsked && !hid.battery.isReported
    if times == 3 || !isAsked {
      guard hid.battery.hasNews, isAsked else {
        hid.battery.isTelling = false
        hid.battery.hasNews = false
        side.keep(hid, device, interface)
        return .done(0)
      }
      hid.battery.hasNews = false
      times = 0
    }
    hid.battery.isTelling = true
    side.keep(hid, device, interface)
    stage = .asked(times: times + 1)
    return .call(request(battery))
  }

  /// `hidinput_query_battery_capacity()`: four bytes, of which the number takes one.
  private func request(_ battery: HIDBattery) -> ControlMessage {
    ControlMessage(
      device: device,
      setup: SetupPacket(
        0xa1, 1, value: UInt16(low: battery.reportID, high: battery.kind.rawValue + 1),
        index: UInt16(clamping: interface), length: battery.reportID == 0 ? 3 : 4))
  }
}

extension HostSide {
  /// The power-supply class registers the battery of a device that has one.
  mutating func registerBattery(_ device: Int, _ interface: Int) {
    guard var hid = hid(device, interface), let battery = hid.descriptor?.battery else { return }
    hid.battery.source = battery
    keep(hid, device, interface)
    startTask(
      .worker,
      HIDBatteryQuery(
        device: device, interface: interface, label: hid.label, isRegistration: true))
  }

  /// Takes in what a report says of a battery.
  mutating func takeNews(_ news: HIDBatteryNews, _ device: Int, _ interface: Int) {
    guard var hid = hid(device, interface) else { return }
    if news == .capacity { hid.battery.isReported = true }
    hid.battery.hasNews = hid.battery.isTelling
    keep(hid, device, interface)
    guard !hid.battery.isTelling, !hid.battery.isReported else { return }
    startTask(.worker, HIDBatteryQuery(device: device, interface: interface, label: hid.label))
  }
}
