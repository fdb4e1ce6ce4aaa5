/// What the kernel's HID core prints of a report descriptor or a report.
package enum HIDMessage: Equatable, Sendable {
  case unbalancedCollection
  case unbalancedDelimiter
  case collectionUnderflow
  case fetchFailed(at: Int, of: Int)
  case longItem
  case parsingFailed(isLong: Bool, size: Int, kind: UInt8, tag: UInt8)
  case globalStackOverflow
  case globalStackUnderflow
  case invalidReportSize(UInt32)
  case invalidReportCount(UInt32)
  case invalidReportID(UInt32)
  case unknownGlobalTag(UInt8)
  case reservedMainTag(UInt8)
  case unknownMainTag(UInt8)
  case nestedDelimiters
  case bogusDelimiter
  case usageIndexExceeded
  case usageMaximumCut
  case noUsageIndexLeft
  case reportTooLong
  case tooManyFields
  case multiplierExponent(Int32)
  case unsupportedMultiplier(Int32)
  case noInputs
  case shortReport(id: UInt8, needed: Int, got: Int)
  case noSuchValue(index: Int, count: Int)
  case valueOutOfRange(Int32)
  case queueFull(isControl: Bool)
  case notSubmitted(isControl: Bool, Int)

  /// The line behind the device's name.
  package var line: String {
    switch self {
    case .unbalancedCollection: "unbalanced collection at end of report description"
    case .unbalancedDelimiter: "unbalanced delimiter at end of report description"
    case .collectionUnderflow: "collection stack underflow"
    case .fetchFailed(let at, let size): "item fetching failed at offset \(at)/\(size)"
    case .longItem: "unexpected long global item"
    case .parsingFailed(let isLong, let size, let kind, let tag):
      "item \(isLong ? 1 : 0) \(size) \(kind) \(tag) parsing failed"
    case .globalStackOverflow: "global environment stack overflow"
    case .globalStackUnderflow: "global environment stack underflow"
    case .invalidReportSize(let size): "invalid report_size \(Int32(bitPattern: size))"
    case .invalidReportCount(let count): "invalid report_count \(Int32(bitPattern: count))"
    case .invalidReportID(let id): "report_id \(id) is invalid"
    case .unknownGlobalTag(let tag): "unknown global tag 0x\(hex(UInt64(tag), 1))"
    default: furtherLine
    }
  }

  private var furtherLine: String {
    switch self {
    case .reservedMainTag(let tag): "reserved main item tag 0x\(hex(UInt64(tag), 1))"
    case .unknownMainTag(let tag): "unknown main item tag 0x\(hex(UInt64(tag), 1))"
    case .nestedDelimiters: "nested delimiters"
    case .bogusDelimiter: "bogus close delimiter"
    case .usageIndexExceeded: "usage index exceeded"
    case .usageMaximumCut: "ignoring exceeding usage max"
    case .noUsageIndexLeft: "no more usage index available"
    case .reportTooLong: "report is too long"
    case .tooManyFields: "too many fields in report"
    case .multiplierExponent(let exponent):
      "unsupported Resolution Multiplier unit exponent \(exponent)"
    case .unsupportedMultiplier(let value): "unsupported Resolution Multiplier \(value)"
    case .noInputs: "No inputs registered, leaving"
    case .shortReport(let id, let needed, let got):
      "Event data for report \(id) was too short (\(needed) vs \(got))"
    case .noSuchValue(let index, let count): "offset (\(index)) exceeds report_count (\(count))"
    case .valueOutOfRange(let value): "value \(value) is out of range"
    case .queueFull(let isControl): "\(isControl ? "control" : "output") queue full"
    case .notSubmitted(let isControl, let error):
      "usb_submit_urb(\(isControl ? "ctrl" : "out")) failed: \(error)"
    default: ""
    }
  }

  /// How often the line is printed at most; nil for lines that are always printed.
  package var limit: Limit? {
    switch self {
    case .reservedMainTag: Limit(.reservedTag, "hid_parser_main")
    case .unknownMainTag: Limit(.unknownTag, "hid_parser_main")
    case .shortReport: Limit(.shortReport, "hid_report_raw_event")
    default: nil
    }
  }

  /// A place in the kernel that prints ten lines in five seconds at most.
  package struct Limit: Equatable, Sendable {
    package let site: Site
    /// The kernel function it stands in.
    package let function: String

    package init(_ site: Site, _ function: String) {
      self.site = site
      self.function = function
    }
  }

  /// Places in the kernel whose lines are limited.
  package enum Site: Hashable, Sendable {
    case reservedTag
    case unknownTag
    case shortReport
    case invalidCode
  }
}

/// Why the parser stops: its line, or none where the kernel prints one for debugging only.
struct HIDRefusal: Error {
  let message: HIDMessage?

  init(_ message: HIDMessage?) { self.message = message }

  var lines: [HIDMessage] { message.map { [$0] } ?? [] }
}
