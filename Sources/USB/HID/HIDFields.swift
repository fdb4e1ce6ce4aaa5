/// Fields and the reports they belong to.
extension HIDParser {
  /// `hid_add_field()`.
  mutating func addField(_ kind: HIDReport.Kind, _ flags: UInt32) throws(HIDRefusal) {
    let index = registerReport(kind)
    guard globals.hasLogicalRange else { throw HIDRefusal(nil) }
    let offset = descriptor.reports[index].bits
    descriptor.reports[index].bits += Int(globals.reportSize) * Int(globals.reportCount)
    let most = (HIDLimits.buffer - 1) * 8
    if descriptor.reports[index].bits > most { throw HIDRefusal(.reportTooLong) }
    // Without a usage it is padding.
    guard !locals.usages.isEmpty else { return }
    guard descriptor.reports[index].fields.count < HIDLimits.fields else {
      messages.append(.tooManyFields)
      return
    }
    descriptor.reports[index].fields.append(
      HIDField(
        flags: flags, application: usage(ofOpen: HIDCollection.application),
        physical: usage(ofOpen: HIDCollection.physical), isProgrammable: isProgrammable,
        usages: locals.fieldUsages, offset: offset, size: Int(globals.reportSize),
        count: Int(globals.reportCount),
        global: globals))
  }

  /// `hidinput_field_in_collection()`, for programmable buttons. A usage outside of every collection counts as
  /// of the first.
  private var isProgrammable: Bool {
    guard let first = locals.usages.first,
      descriptor.collections.indices.contains(first.collection)
    else { return false }
    let around = descriptor.collections[first.collection]
    return around.kind == HIDCollection.namedArray && around.usage == .programmableButtons
  }

  /// `hid_register_report()`: the report of the number that holds now, a new one if need be.
  private mutating func registerReport(_ kind: HIDReport.Kind) -> Int {
    let id = UInt8(truncatingIfNeeded: globals.reportID)
    let known = descriptor.reports.firstIndex { $0.kind == kind && $0.id == id }
    if let known { return known }
    descriptor.reports.append(
      HIDReport(kind: kind, id: id, application: usage(ofOpen: HIDCollection.application)))
    return descriptor.reports.count - 1
  }

  /// The usage of the innermost open collection of a kind, 0 without one (`hid_lookup_collection()`).
  private func usage(ofOpen kind: UInt8) -> HIDUsage {
    let index = open.last { descriptor.collections[$0].kind == kind }
    return index.map { descriptor.collections[$0].usage } ?? HIDUsage(rawValue: 0)
  }
}

extension HIDGlobals {
  /// Whether the logical maximum is not below the minimum, both read with a sign or both without.
  var hasLogicalRange: Bool {
    logicalMinimum < 0
      ? logicalMaximum >= logicalMinimum
      : UInt32(bitPattern: logicalMaximum) >= UInt32(bitPattern: logicalMinimum)
  }
}
