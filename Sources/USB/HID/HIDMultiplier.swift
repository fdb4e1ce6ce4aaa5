/// Resolution multipliers: feature fields that say how finely a wheel counts.
extension HIDDescriptor {
  /// What the kernel prints of multipliers it cannot use (`hid_setup_resolution_multiplier()`).
  ///
  /// - Parameter setToMaximum: whether the kernel has set those it may set to their maximum;
  ///   before that all are 0.
  package func multiplierMessages(setToMaximum: Bool) -> [HIDMessage] {
    var messages: [HIDMessage] = []
    for field in reports(.feature).flatMap(\.fields) where field.count > 0 {
      let first = field.usage(at: 0) == .resolutionMultiplier
      let value =
        setToMaximum && field.count == 1 && first ? field.global.logicalMaximum : 0
      for index in 0..<field.usageCount
      where field.usage(at: index) == .resolutionMultiplier {
        messages += field.multiplierMessages(value)
      }
    }
    return messages
  }

  /// Feature reports with a multiplier the kernel sets, in their order
  /// (`hidinput_change_resolution_multipliers()`).
  package var multiplierReports: [HIDReport] {
    reports(.feature).filter { report in
      report.fields.contains { field in
        field.count == 1
          && (0..<field.usageCount).contains { field.usage(at: $0) == .resolutionMultiplier }
      }
    }
  }
}

extension HIDField {
  /// `hid_calculate_multiplier()`.
  fileprivate func multiplierMessages(_ value: Int32) -> [HIDMessage] {
    let range = global.logicalMaximum &- global.logicalMinimum
    guard range != 0 else { return [] }
    let steps = (value &- global.logicalMinimum).dividedReportingOverflow(by: range).partialValue
    let multiplier =
      steps &* (global.physicalMaximum &- global.physicalMinimum) &+ global.physicalMinimum
    var messages: [HIDMessage] = []
    if global.unitExponent != 0 { messages.append(.multiplierExponent(global.unitExponent)) }
    if multiplier == 0 || multiplier > 255 || multiplier < -255 {
      messages.append(.unsupportedMultiplier(multiplier))
    }
    return messages
  }
}
