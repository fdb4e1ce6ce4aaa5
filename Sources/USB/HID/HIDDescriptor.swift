/// What a report descriptor says when the kernel accepts it (`hid_open_report()` of Linux 6.1).
///
/// Read one with ``HIDParser``.
package struct HIDDescriptor: Equatable, Sendable {
  /// Collections in the order in which they open.
  package internal(set) var collections: [HIDCollection] = []
  /// Reports in the order in which their first field stands.
  package internal(set) var reports: [HIDReport] = []

  /// Reports of one kind, in their order.
  package func reports(_ kind: HIDReport.Kind) -> [HIDReport] {
    reports.filter { $0.kind == kind }
  }

  /// True when reports of a kind begin with a byte that numbers them.
  package func isNumbered(_ kind: HIDReport.Kind) -> Bool {
    reports.contains { $0.kind == kind && $0.id != 0 }
  }

  /// How many application collections there are (`maxapplication`).
  package var applications: Int { collections.count { $0.kind == HIDCollection.application } }

  /// Bytes of the longest report of a kind as it crosses the bus, its number with it
  /// (`hid_find_max_report()`). A report without bits counts as longer than any.
  package func longest(_ kind: HIDReport.Kind) -> Int {
    let number = isNumbered(kind) ? 1 : 0
    let sizes = reports(kind).map { report in
      report.bits == 0 ? HIDLimits.buffer : report.bytes + number
    }
    return min(sizes.max() ?? 0, HIDLimits.buffer)
  }

  /// The report a transfer carries: by its first byte, or the only one (`hid_get_report()`).
  package func report(_ kind: HIDReport.Kind, of data: [UInt8]) -> HIDReport? {
    let id = isNumbered(kind) ? data.first ?? 0 : 0
    return reports.first { $0.kind == kind && $0.id == id }
  }
}

/// A collection (`struct hid_collection`).
package struct HIDCollection: Equatable, Sendable {
  package static let physical: UInt8 = 0
  package static let application: UInt8 = 1
  static let namedArray: UInt8 = 4

  /// 0 physical, 1 application, 2 logical, 3 and more are seldom seen.
  package let kind: UInt8
  package let usage: HIDUsage
  /// The collection around it, by its index.
  package let parent: Int?
}

/// A report: the fields of one number and direction (`struct hid_report`).
package struct HIDReport: Equatable, Sendable {
  /// The direction; raw values are the kernel's (`enum hid_report_type`).
  package enum Kind: UInt8, Sendable {
    case input
    case output
    case feature
  }

  package let kind: Kind
  /// 0 in a device that does not number its reports.
  package let id: UInt8
  /// The usage of the application collection around its first field.
  package let application: HIDUsage
  /// Bits of data, without the number.
  package internal(set) var bits = 0
  /// Fields that have a usage; padding has none.
  package internal(set) var fields: [HIDField] = []

  /// Bytes of data, without the number (`hid_compute_report_size()`).
  package var bytes: Int { (bits + 7) / 8 }
  /// Bytes on the bus, the number with them (`hid_report_len()`).
  package var length: Int { bytes + (id > 0 ? 1 : 0) }
}

/// A field: what one input, output or feature item declares (`struct hid_field`).
package struct HIDField: Equatable, Sendable {
  /// Bits of the item: 0 constant, 1 variable, 2 relative and further ones.
  package let flags: UInt32
  package let application: HIDUsage
  package let physical: HIDUsage
  /// Whether its first usage stands in an array of programmable buttons.
  let isProgrammable: Bool
  /// The usages declared. There may be fewer than values; the last one then counts for the rest.
  package let usages: [Usage]
  /// Where it begins, in bits from the start of the report's data.
  package let offset: Int
  /// Bits of a value, at most 256.
  package let size: Int
  /// Values.
  package let count: Int
  package let global: HIDGlobals

  /// A usage and the collection it was declared in.
  package struct Usage: Equatable, Sendable {
    package let usage: HIDUsage
    package let collection: Int
  }

  package var isConstant: Bool { flags & 1 != 0 }
  /// Each value has a usage of its own; otherwise each value is the index of a usage.
  package var isVariable: Bool { flags & 2 != 0 }
  package var isRelative: Bool { flags & 4 != 0 }

  /// How many usages it has when the last one is repeated (`maxusage`).
  package var usageCount: Int { max(usages.count, count) }

  /// The usage at an index below ``usageCount``.
  package func usage(at index: Int) -> HIDUsage? {
    (usages.indices.contains(index) ? usages[index] : usages.last)?.usage
  }
}

/// Values of global items (`struct hid_global`).
package struct HIDGlobals: Equatable, Sendable {
  package var usagePage: UInt32 = 0
  package var logicalMinimum: Int32 = 0
  package var logicalMaximum: Int32 = 0
  package var physicalMinimum: Int32 = 0
  package var physicalMaximum: Int32 = 0
  package var unitExponent: Int32 = 0
  package var unit: UInt32 = 0
  package var reportID: UInt32 = 0
  package var reportSize: UInt32 = 0
  package var reportCount: UInt32 = 0
}

/// Limits of the kernel's parser (`include/linux/hid.h`).
package enum HIDLimits {
  /// Bytes of the longest report.
  package static let buffer = 16384
  /// Bytes of the longest report descriptor.
  package static let descriptor = 4096
  static let usages: UInt32 = 12288
  static let fields = 256
  static let reportIDs: UInt32 = 256
  static let globalStack = 4
}
