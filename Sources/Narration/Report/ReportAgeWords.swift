import KernelHistory
import KernelLog

/// The age of a report's kernel in words: one conclusion, then what it rests on.
enum ReportAgeWords {
  static func statements(_ report: Report) -> [Statement] {
    let age = EraConclusion(report)
    let wording = "Era: \(report.era)"
    guard let conclusion = conclusion(age) else { return [Statement(.known, wording + ".")] }
    let reasons = age.agreeing.map(evidence)
    let because =
      reasons.isEmpty
      ? "" : "; " + reasons.joined(separator: ", ") + " agree\(reasons.count == 1 ? "s" : "")"
    var said = [Statement(age.basis, "\(wording); \(conclusion)\(because).")]
    if !age.backported.isEmpty {
      said.append(
        Statement(
          .concluded,
          "Backported: " + age.backported.map(evidence).joined(separator: ", ")
            + " \(age.backported.count == 1 ? "belongs" : "belong") to other releases than the rest."
        ))
    }
    return said
  }

  private static func conclusion(_ age: EraConclusion) -> String? {
    if let release = age.release { return "the kernel is \(release), by its own word" }
    if let patch = age.patch { return "the check is \(patch)'s" }
    guard !age.spans.isEmpty else { return nil }
    return "the kernel is " + age.spans.map(span).joined(separator: " or ")
  }

  private static func span(_ span: EraConclusion.Span) -> String {
    guard let last = span.last else { return "\(span.first) or newer" }
    return span.first == last ? "\(last)" : "\(span.first) to \(last)"
  }

  private static func evidence(_ guess: EraGuess) -> String {
    let releases =
      switch (guess.first, guess.last) {
      case (let first?, let last?): first == last ? "\(first)" : "\(first) to \(last)"
      case (let first?, nil): "since \(first)"
      default: ""
      }
    let isOthers = !guess.id.hasPrefix("linux-") && !releases.isEmpty
    let span = isOthers ? " (\(guess.id))" : releases.isEmpty ? "" : " (\(releases))"
    return reason(guess.reason) + span
  }

  private static func reason(_ reason: EraReason) -> String {
    switch reason {
    case .wording: "its wording"
    case .object(let name): "its object \(name)"
    case .cache(let name): "its cache \(name)"
    case .length: "its length above INT_MAX, which later callers refuse before any check"
    case .stackOffset: "its distance from the stack pointer"
    case .hashedPointer: "its hashed pointer"
    case .bugLine(let file, let line): "its assertion \(file):\(line)"
    case .release(let release): "its release \(release)"
    }
  }
}
