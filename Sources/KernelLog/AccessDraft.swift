import KernelHistory

/// The checks of the RFC series of July 2011 that log under their own name.
enum AccessCheck: String, CaseIterable {
  case slab = "slab_access_ok"
  case stack = "stack_access_ok"
  case sizeKnown = "kernel_access_ok(static)"
  case kernel = "kernel_access_ok"

  var object: String {
    switch self {
    case .slab: ObjectNames.heapObject
    case .stack: ReportedObject.processStack.rawValue
    case .sizeKnown, .kernel: "object of known size"
    }
  }
}

/// Fields of a "..._access_ok failed" report as they are read.
struct AccessDraft {
  let check: AccessCheck
  /// The first or the second version's, as soon as the punctuation tells.
  private(set) var wording: Wording?
  private var address: String?
  private var size: UInt64?
  private var overflowed = false

  init(check: AccessCheck) { self.check = check }

  /// Reads on behind the check's name.
  mutating func read(_ cursor: inout LogCursor) throws(LogStop) {
    try cursor.expect(" failed")
    let comma = cursor.accept(", ")
    if !comma { try cursor.expect(" (") }
    cursor.skipGap(before: Digits.isLetter)
    try cursor.expect(cursor.next == UInt8(ascii: "a") ? "addr" : "ptr")
    wording = comma ? .rfcV2 : .rfcV1
    try passEquals(&cursor)
    let pointer = try cursor.pointer()
    try cursor.expect(", ")
    address = pointer
    try cursor.expect("len")
    if wording == .rfcV2 { try cursor.expect("gth") }
    try passEquals(&cursor)
    let length = try cursor.number()
    if wording == .rfcV1 { try cursor.expect(")") }
    size = length
    overflowed = length == nil
  }

  private func passEquals(_ cursor: inout LogCursor) throws(LogStop) {
    try cursor.expect(" ")
    if cursor.accept("=") { try cursor.expect(" ") }
  }

  /// The report of what was read; its place in the log is not known here.
  func report(cut: Bool) -> Report {
    Report(
      wording: wording ?? .rfcV1, isTruncated: cut, object: check.object,
      address: address, size: size, complete: !cut && !overflowed, line: "")
  }
}
