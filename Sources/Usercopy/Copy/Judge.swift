/// An era's rules over one machine, for a copy whose start and length are varied.
///
/// Outcomes are those of ``Kernel/judge(_:under:recording:)`` without a trace; the machine and the rules are taken
/// once for all of them.
public struct Judge: Sendable {
  private let kernel: Kernel
  private let era: Era
  private var attempt: CopyAttempt
  /// The walk through the code of the RFC, which keeps the machine; nil under other rules.
  private var run: CopyRun?

  public init(_ kernel: Kernel, under era: Era, varying attempt: CopyAttempt) {
    (self.kernel, self.era, self.attempt) = (kernel, era, attempt)
    if case .rfc(let rules) = era.rules {
      run = CopyRun(kernel: kernel, rules: rules, attempt: attempt, era: era.id, recording: false)
    }
  }

  /// What becomes of the copy of `length` bytes from or to `start`.
  public mutating func outcome(start: Address, length: UInt64) -> CopyOutcome {
    (attempt.kernel, attempt.length) = (start, length)
    return run?.judge(attempt) ?? kernel.judge(attempt, under: era, recording: false)
  }
}
