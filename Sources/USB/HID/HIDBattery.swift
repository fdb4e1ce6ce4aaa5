/// The battery the input layer makes of a report (`hidinput_setup_battery()`).
package struct HIDBattery: Equatable, Sendable {
  /// The report that says how full it is.
  package let kind: HIDReport.Kind
  package let reportID: UInt8
  /// What it tells when it is empty and when it is full.
  let empty: Int32
  let full: Int32
  /// A stylus is rarely there to be asked: what it tells by itself has to do.
  package let isAsked: Bool

  init(_ field: HIDField, _ usage: HIDUsage, in report: HIDReport) {
    (kind, reportID) = (report.kind == .feature ? .feature : .input, report.id)
    let isPercentage = usage == .stateOfCharge
    empty = isPercentage ? 0 : field.global.logicalMinimum
    full = isPercentage ? 100 : field.global.logicalMaximum
    isAsked = kind == .feature || field.physical != .stylus
  }
}

/// What an input report says of a battery (`hidinput_update_battery()`).
package enum HIDBatteryNews: Equatable, Sendable {
  /// It is being charged, or no longer is.
  case charging
  /// How full it is.
  case capacity
}

extension HIDDescriptor {
  /// The battery, when the input layer finds one: of feature reports first, and one only.
  package var battery: HIDBattery? {
    guard isForInput else { return nil }
    for report in reports(.feature) + reports(.input) {
      for field in report.fields where field.count > 0 {
        for index in 0..<field.usageCount {
          guard let usage = field.usage(at: index) else { continue }
          let isOne =
            report.kind == .feature
            ? usage == .batteryStrength : HIDInputCode.of(usage, in: field, .input) == .battery
          if isOne { return HIDBattery(field, usage, in: report) }
        }
      }
    }
    return nil
  }
}

extension HIDReport {
  /// What the report's data, its number not counted, say of a battery, in their order.
  package func news(of battery: HIDBattery, _ values: ArraySlice<UInt8>) -> [HIDBatteryNews] {
    fields.filter(\.isVariable).flatMap { field in
      (0..<field.count).compactMap { index -> HIDBatteryNews? in
        guard let usage = field.usage(at: index) else { return nil }
        let value = field.value(index, of: values)
        switch HIDInputCode.of(usage, in: field, .input) {
        case .charging: return .charging
        case .battery where usage.page == HIDUsage.Page.digitizer.rawValue && value == 0:
          return nil
        case .battery where battery.empty <= value && value <= battery.full:
          return .capacity
        default: return nil
        }
      }
    }
  }
}
