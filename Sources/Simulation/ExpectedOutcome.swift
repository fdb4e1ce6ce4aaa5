public import Usercopy

extension Expectation {
  /// What comes of a copy, in one word: a verdict, or a verdict and what followed from it.
  public enum Outcome: String, Sendable, Hashable, CaseIterable {
    /// No check objected.
    case allow
    /// No check objected, and every byte was moved.
    case whole
    /// No check objected, but the copy met memory that is not there and came back short.
    case short
    /// No check refused; a warning said that a window was missed.
    case warn
    /// A check refused, whatever the reaction.
    case deny
    /// A check refused and the caller got the count back.
    case `return`
    /// A check refused and the task died in an oops.
    case oops
    /// A check refused and the task was killed.
    case sigkill
    /// An assertion of the allocator.
    case bug
    /// The check never came back.
    case hang

    /// The narrowest word for an outcome.
    public init(_ outcome: CopyOutcome) {
      switch (outcome.verdict, outcome.consequence) {
      case (.bug, _): self = .bug
      case (.hang, _): self = .hang
      case (.deny, .oops): self = .oops
      case (.deny, .sigkill): self = .sigkill
      case (.deny, .returnCount): self = .return
      case (.deny, _): self = .deny
      case (.allow, _) where outcome.usedUpWarning: self = .warn
      case (.allow, _):
        self = outcome.isCutShort || outcome.consequence == .oops ? .short : .whole
      }
    }

    /// Whether this word, narrow or wide, says what an outcome was.
    func fits(_ outcome: CopyOutcome) -> Bool {
      switch self {
      case .allow: outcome.verdict == .allow
      case .deny: outcome.verdict == .deny
      default: self == Outcome(outcome)
      }
    }
  }
}
