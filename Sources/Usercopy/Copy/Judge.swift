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
  /// The walk through the code of the RFC, which keeps the machine; nil under other rules.
  private var run: CopyRun?

  /// A judge of copies that differ from `attempt` in start and length.
  public init(_ kernel: Kernel, under era: Era, varying attempt: CopyAttempt) {
    (self.kernel, self.era, self.attempt) = (kernel, era, attempt)
    if case .rfc(let rules) = era.rules {
      run = CopyRun(kernel: kernel, rules: rules, attempt: attempt, era: era.id, recording: false)
    }
  }

  /// What becomes of the copy of `length` bytes from or to `start`.
  public mutating func ruling(start: Address, length: UInt64) -> Ruling {
    (attempt.kernel, attempt.length) = (start, length)
    return run?.ruling(attempt)
      ?? Ruling(kernel.judge(attempt, under: era, recording: false))
  }
}
