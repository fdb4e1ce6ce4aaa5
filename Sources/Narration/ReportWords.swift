import KernelHistory
public import KernelLog
import Text
import Usercopy

/// Kernel reports in words.
public enum ReportWords {
  /// The lines that explain a report.
  public static func lines(_ report: Report) -> [String] {
    let assessment = Assessment(report)
    var lines = [what(report)]
    if !report.complete {
      lines.append("The line is cut off; what is missing cannot be told.")
    }
    if let inside = assessment.inside, let size = report.size, !printsAddress(report) {
      let limit = assessment.objectSize.map { " of the object's \($0)" } ?? ""
      lines.append(
        "\(ValueWords.quantity(inside)) of \(ValueWords.bytes(size)) were inside\(limit).")
    }
    lines.append("Likely: \(kind(assessment.kind)).")
    if !printsAddress(report) {
      for suspicion in assessment.suspiciousSize {
        lines.append("The size \(words(suspicion)).")
      }
    }
    if let place = stackPlace(report) {
      lines.append(place)
    } else {
      for suspicion in assessment.suspiciousOffset {
        lines.append("The offset \(words(suspicion)).")
      }
    }
    lines += eras(report)
    if let command = report.aftermath.command { lines.append("The task was \(command).") }
    if !report.aftermath.callTrace.isEmpty {
      lines.append("Called from " + report.aftermath.callTrace.prefix(8).joined(separator: " < "))
    }
    return lines
  }

  private static func what(_ report: Report) -> String {
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

  private static func printsAddress(_ report: Report) -> Bool {
    report.known?.printsAddress == true
  }

  /// Where on the stack, for reports since 5.18 that count down from the stack pointer.
  private static func stackPlace(_ report: Report) -> String? {
    guard let below = report.stackDistance else { return nil }
    return below > 0
      ? "It starts \(below) bytes below the stack pointer, where a function that has returned was."
      : "It starts \(below.magnitude) bytes above the stack pointer, in a running frame."
  }

  private static func eras(_ report: Report) -> [String] {
    let guesses = report.eraGuesses.map { guess in
      let span =
        switch (guess.first, guess.last) {
        case (let first?, let last?): first == last ? "\(first)" : "\(first) to \(last)"
        case (let first?, nil): "since \(first)"
        default: ""
        }
      return "\(guess.id)\(span.isEmpty ? "" : " (\(span))") by its \(guess.reason.text)"
    }
    guard !guesses.isEmpty else { return ["Era: \(report.era)."] }
    return ["Era: \(report.era); " + guesses.joined(separator: "; ") + "."]
  }

  /// A kind of bug in words.
  public static func kind(_ kind: BugKind) -> String {
    switch kind {
    case .overread: "the length was not clamped: bytes behind the object would have leaked"
    case .overwrite: "the length was not clamped: bytes behind the object would be overwritten"
    case .wrongOffset: "the copy starts outside the object"
    case .signedness: "a negative number was taken for a size"
    case .useAfterFree: "the number was read from memory that was freed, or never written"
    case .missingWhitelist: "the cache's window does not allow copying these bytes"
    case .stackFrame: "the copy leaves its stack frame or the stack"
    case .pageSpan: "the copy leaves the pages that were allocated"
    case .nullPointer: "the kernel pointer is NULL"
    case .wrappedPointer: "the range passes the end of the address space"
    case .kernelText: "the kernel's own code was named"
    case .knownFalsePositive:
      "perhaps a mistake in the check itself: this wording has been one before"
    case .undetermined: "nothing points to one kind of bug"
    }
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
