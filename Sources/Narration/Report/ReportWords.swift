import KernelHistory
public import KernelLog
import Text
import Usercopy

/// Kernel reports in words.
public enum ReportWords {
  /// The lines that explain a report, each behind the word for what it rests on.
  public static func lines(_ report: Report) -> [String] { statements(report).map(\.line) }

  /// What explains a report: who copied first, then what was refused, why, and by which kernel.
  public static func statements(_ report: Report) -> [Statement] {
    let assessment = Assessment(report)
    var said = ReportTraceWords.copier(report.aftermath)
    said.append(Statement(.known, what(report)))
    if report.wording == .assertion {
      let line = report.isWarning ? "next to 'WARNING:'" : "before 'cut here'"
      said.append(
        Statement(
          .known,
          "The message itself is missing. Ask for the line \(line): it names the direction, the object, the offset and "
            + "the size."))
    } else if !report.complete {
      said.append(Statement(.known, "The line is cut off; what is missing cannot be told."))
    }
    said += place(report, assessment)
    said += ReportCauseWords.statements(report, assessment)
    said += suspicions(report, assessment)
    said += ReportAgeWords.statements(report)
    said += ReportTraceWords.machine(report.aftermath)
    return said
  }

  private static func what(_ report: Report) -> String {
    if report.wording == .assertion { return stop(report) }
    let way =
      switch report.direction {
      case .toUser? where report.isWarning: "kernel memory went to user space, with a warning"
      case .fromUser? where report.isWarning: "user data overwrote kernel memory, with a warning"
      case .toUser?: "kernel memory would have gone to user space"
      case .fromUser?: "user data would have overwritten kernel memory"
      case nil: "a copy between kernel and user memory was refused"
      }
    var parts = ["Line \(report.lineNumber): \(way)"]
    if let object = report.object {
      parts.append(object + (report.cache.map { " '\($0)'" } ?? ""))
    } else if let cache = report.cache {
      parts.append("'\(cache)'")
    }
    if let detail = report.detail { parts.append("(\(detail))") }
    if let address = report.address { parts.append("at \(address)") }
    if let offset = report.offset { parts.append("offset \(ValueWords.quantity(offset))") }
    if let size = report.size {
      parts.append(printsAddress(report) ? "address 0x" + size.hex() : ValueWords.bytes(size))
    }
    return parts.joined(separator: ", ") + "."
  }

  /// Where a kernel stopped or warned whose message is missing.
  private static func stop(_ report: Report) -> String {
    let line = "Line \(report.lineNumber): "
    guard let file = report.aftermath.bugFile, let number = report.aftermath.bugLine else {
      return line
        + "the kernel's check of a copy stands in a trace; it refused the copy, or warned of it."
    }
    return line
      + (report.isWarning
        ? "the kernel warned of a copy and made it, at \(file):\(number)."
        : "the kernel refused a copy and stopped at \(file):\(number).")
  }

  static func printsAddress(_ report: Report) -> Bool { report.known?.printsAddress == true }

  // MARK: where in the object or on the stack

  private static func place(_ report: Report, _ assessment: Assessment) -> [Statement] {
    guard let size = report.size, !printsAddress(report) else { return [] }
    var said: [Statement] = []
    if let inside = assessment.inside, let limit = assessment.objectSize {
      let how = assessment.offsetIsDerived ? ", by the address" : ""
      said.append(
        Statement(
          .concluded,
          "\(ValueWords.quantity(inside)) of \(ValueWords.bytes(size)) lie inside the object (\(ValueWords.bytes(limit)))\(how)."
        ))
    } else if let least = assessment.leastOffset {
      said.append(
        Statement(
          .concluded,
          "\(ValueWords.bytes(size)) fit into the object's \(assessment.objectSize ?? size), so the copy starts at least "
            + "\(ValueWords.bytes(least)) in."))
    } else if let bounds = assessment.bounds, bounds.exact == nil, report.wording != .pointers {
      said.append(sizeBounds(report, bounds))
    }
    if let window = window(report, size) { said.append(window) }
    if let stack = stack(report, assessment, size) { said.append(stack) }
    return said
  }

  /// The copy beside the bytes that may be copied, where the kernel's pages tell them.
  private static func window(_ report: Report, _ size: UInt64) -> Statement? {
    guard let pages = report.pages, let window = pages.window, let offset = report.offset,
      let allowed = pages.allowed(offset, size)
    else { return nil }
    if window.isEmpty {
      return Statement(.known, "By the kernel's pages no byte of these objects may be copied.")
    }
    let which = "bytes \(window.lowerBound) to \(window.upperBound - 1) may be copied"
    return Statement(
      .known,
      "By the kernel's pages \(which): \(ValueWords.quantity(allowed)) of the copy's "
        + "\(ValueWords.bytes(size)) \(allowed == 1 ? "is" : "are") among them.")
  }

  private static func sizeBounds(_ report: Report, _ bounds: ObjectSize) -> Statement {
    let name = "'\(report.cache ?? "")'"
    guard bounds.basis != .assumed else {
      return Statement(
        .known, "Neither the line nor the name tells how many bytes an object of \(name) has.")
    }
    let most = bounds.most.map { " and at most \(ValueWords.quantity($0))" } ?? ""
    return Statement(
      .concluded,
      "An object of \(name) has at least \(ValueWords.quantity(bounds.least))\(most) bytes, by public tables of many kernels."
    )
  }

  /// Where on the stack: counted from the stack pointer since 5.18, by an address that was printed before 4.15.
  private static func stack(
    _ report: Report, _ assessment: Assessment, _ size: UInt64
  ) -> Statement? {
    if let below = report.stackDistance {
      return Statement(
        .known,
        below > 0
          ? "It starts \(below) bytes below the stack pointer, where a function that has returned was."
          : "It starts \(below.magnitude) bytes above the stack pointer, in a running frame.")
    }
    guard let start = assessment.stackOffset, let inside = assessment.liesInStack(size) else {
      return nil
    }
    let place =
      "The address is \(ValueWords.quantity(start)) bytes (0x\(start.hex())) into a stack of 16 KiB"
    return Statement(
      .concluded,
      inside
        ? place
          + ": all \(ValueWords.bytes(size)) lie inside the stack, so the copy crosses a frame's border."
        : place + ": the copy runs past the stack's end.")
  }

  private static func suspicions(_ report: Report, _ assessment: Assessment) -> [Statement] {
    var said: [Statement] = []
    if !printsAddress(report) {
      said += assessment.suspiciousSize.map { Statement(.concluded, "The size \(words($0)).") }
    }
    if report.stackDistance == nil {
      said += assessment.suspiciousOffset.map { Statement(.concluded, "The offset \(words($0)).") }
    }
    return said
  }

  private static func words(_ suspicion: Suspicion) -> String {
    switch suspicion {
    case .freedPoison:
      "is 0x6b repeated, the poison of memory that was freed, or handed out and never written"
    case .uninitialisedPoison: "is 0x5a repeated, the poison of memory never written"
    case .redZone: "looks like a red zone pattern"
    case .marker: "is a value people leave as a mark"
    case .errorNumber(let number): "is the error number -\(number) taken for a size"
    case .negative32(let value): "is \(value) as a signed 32-bit number"
    case .negative64(let value): "is \(value) as a signed 64-bit number"
    case .kernelAddress: "is a kernel address"
    case .text(let text): "is text: \"\(text)\""
    case .largestTransfer: "is the most the kernel transfers at once"
    }
  }
}
