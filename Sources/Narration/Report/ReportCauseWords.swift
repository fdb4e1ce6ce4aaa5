import KernelHistory
public import KernelLog

/// What may have gone wrong, in words.
public enum ReportCauseWords {
  /// The causes of a report, the likeliest first, and what to do about a missing window.
  static func statements(_ report: Report, _ assessment: Assessment) -> [Statement] {
    guard report.wording != .assertion else { return [] }
    var said: [Statement] = []
    for (index, cause) in assessment.causes.enumerated() {
      let lead = index == 0 ? "Likely" : "Or"
      guard cause.kind != .undetermined else {
        said.append(Statement(cause.basis, noCause))
        continue
      }
      let basis = cause.basis == .assumed ? " (assumed)" : ""
      said.append(
        Statement(cause.basis, "\(lead)\(condition(cause))\(basis): \(words(cause, report))."))
    }
    if assessment.causes.contains(where: { $0.kind == .missingWhitelist }) {
      said.append(Statement(.concluded, remedy(report)))
    }
    return said
  }

  /// Where no cause is more likely than another.
  static let noCause = "No likely cause."

  private static func condition(_ cause: BugCause) -> String {
    if let least = cause.needsLeast {
      return ", if the object has at least \(ValueWords.bytes(least))"
    }
    if let less = cause.needsLess {
      return ", if the object has fewer than \(ValueWords.bytes(less))"
    }
    return ""
  }

  private static func words(_ cause: BugCause, _ report: Report) -> String {
    switch cause.kind {
    case .knownFalsePositive: falseAlarm(report)
    case .mistakenPage:
      "a whole page is copied where objects of a small cache are: the page was freed and given to the cache, or its "
        + "number is wrong"
    default: kind(cause.kind)
    }
  }

  private static func falseAlarm(_ report: Report) -> String {
    let alarm = FalseAlarm.all.first { row in
      row.object == report.known
        && (row.machine == nil
          || report.aftermath.machine.map { $0.rawValue == row.machine } ?? true)
    }
    let until =
      alarm?.last.map { " up to \($0)" }.map { last in
        (alarm?.machine.map { " on \($0)" } ?? "") + last
      } ?? alarm?.machine.map { " on \($0)" } ?? ""
    let what =
      switch alarm?.mistake {
      case .textRange:
        "the range from _stext to _etext also held init memory, which is freed and given out again"
      case .linearMapping:
        "an address outside the linear mapping was translated as if it were inside"
      case .areaLookup: "areas that only the page tables know were not found"
      case .pageSpan: "pages allocated together were taken for separate ones"
      case .slabPage: "the page had left the slab, or never was one of it"
      case nil: "reports with these words were false alarms before"
      }
    return "perhaps a false alarm of the check: \(what)\(until)"
  }

  /// What a missing window needs.
  private static func remedy(_ report: Report) -> String {
    let first = report.offset ?? 0
    let last = first &+ max(1, report.size ?? 1) &- 1
    if let window = report.pages?.window, !window.isEmpty {
      return
        "Either the copy was not clamped to the window, or kmem_cache_create_usercopy() has to name bytes "
        + "\(ValueWords.quantity(min(first, window.lowerBound))) to "
        + "\(ValueWords.quantity(max(last, window.upperBound - 1))); a copy through a buffer needs neither."
    }
    let bytes =
      first == last
      ? "byte \(ValueWords.quantity(first))"
      : "bytes \(ValueWords.quantity(first)) to \(ValueWords.quantity(last))"
    return
      "A window is added by making the cache with kmem_cache_create_usercopy() and \(bytes) in it; a copy through a "
      + "buffer on the stack or from kmalloc() needs none."
  }

  /// A kind of bug in words.
  public static func kind(_ kind: BugKind) -> String {
    switch kind {
    case .overread: "the length was not clamped: bytes behind the object would have leaked"
    case .overwrite: "the length was not clamped: bytes behind the object would be overwritten"
    case .wrongOffset: "the copy starts outside the object"
    case .mistakenPage: "a whole page is copied where a small object is"
    case .signedness: "a negative number was taken for a size"
    case .useAfterFree: "the number was read from memory that was freed, or never written"
    case .freedMemory: "the memory had been freed, or never was allocated"
    case .missingWhitelist: "the cache's window does not allow copying these bytes"
    case .stackFrame: "the copy leaves its stack frame or the stack"
    case .pageSpan: "the copy leaves the pages that were allocated"
    case .nullPointer: "the kernel pointer is NULL"
    case .wrappedPointer: "the range passes the end of the address space"
    case .kernelText: "the kernel's own code was named"
    case .knownFalsePositive:
      "perhaps a false alarm of the check: reports with these words were such before"
    case .undetermined: "no likely cause"
    }
  }
}
