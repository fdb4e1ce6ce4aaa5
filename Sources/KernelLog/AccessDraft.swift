/// The checks of the RFC series of July 2011 that log under their own name.
enum AccessCheck: String, CaseIterable {
  case slab = "slab_access_ok"
  case stack = "stack_access_ok"
  case sizeKnown = "kernel_access_ok(static)"
  case kernel = "kernel_access_ok"

  var object: String {
    switch self {
    case .slab: "heap object"
    case .stack: "process stack"
    case .sizeKnown, .kernel: "object of known size"
    }
  }
}

/// Fields of a "..._access_ok failed" report as they are read.
struct AccessDraft {
  let check: AccessCheck
  /// "RFC v1" or "RFC v2" as soon as the punctuation tells.
  private(set) var era: String?
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
    era = comma ? "RFC v2" : "RFC v1"
    try passEquals(&cursor)
    let pointer = try cursor.pointer()
    try cursor.expect(", ")
    address = pointer
    try cursor.expect("len")
    if era == "RFC v2" { try cursor.expect("gth") }
    try passEquals(&cursor)
    let length = try cursor.number()
    if era == "RFC v1" { try cursor.expect(")") }
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
      era: (era ?? "RFC v1") + (cut ? " (truncated)" : ""), object: check.object,
      address: address, size: size, complete: !cut && !overflowed, line: "")
  }
}
