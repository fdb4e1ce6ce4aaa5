/// An era's rules over one machine, for a copy whose start and length are varied.
///
/// Rulings are those of ``Kernel/judge(_:under:recording:)``; the machine and the rules are taken once for all of
/// them, and no outcome is handed out.
public struct Judge: Sendable {
  /// What is said of a copy.
  public struct Ruling: Sendable, Hashable {
    /// What becomes of it.
    public let verdict: Verdict
    /// Bytes an allowed copy hands over.
    public let handedOver: UInt64

    init(_ outcome: CopyOutcome) {
      (verdict, handedOver) = (outcome.verdict, outcome.handedOver)
    }
  }

  private let kernel: Kernel
  private let era: Era
  private var attempt: CopyAttempt
  /// The walk through the code of the RFC or of PaX, which keeps the machine; nil under other rules.
  private var rfc: CopyRun?
  private var pax: PaXRun?

  /// A judge of copies that differ from `attempt` in start and length.
  public init(_ kernel: Kernel, under era: Era, varying attempt: CopyAttempt) {
    (self.kernel, self.era, self.attempt) = (kernel, era, attempt)
    // The drivers of /dev/mem take a copy page by page.
    guard !attempt.entry.goesByPages else { return }
    switch era.rules {
    case .rfc(let rules):
      rfc = CopyRun(
        kernel: kernel, rules: rules, attempt: attempt, era: era.id, recording: false)
    case .pax(let rules):
      pax = PaXRun(
        kernel: kernel, rules: rules, attempt: attempt, era: era.id, recording: false)
    case .hardened: break
    }
  }

  /// What becomes of the copy of `length` bytes from or to `start`.
  public mutating func ruling(start: Address, length: UInt64) -> Ruling {
    (attempt.kernel, attempt.length) = (start, length)
    return rfc?.ruling(attempt) ?? pax?.ruling(attempt)
      ?? Ruling(kernel.judge(attempt, under: era, recording: false))
  }
}
