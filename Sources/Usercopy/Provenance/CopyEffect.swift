/// What a copy did to the bytes on the kernel's side: the value that every renderer tells.
public struct CopyEffect: Sendable, Hashable {
  /// Which way the bytes went.
  public var direction: CopyDirection
  /// The bytes handed over, or those a bare check was asked about and let pass.
  public var moved: [StoryRun]
  /// The bytes of the kernel's buffer that were filled with zeros because the user's did not come.
  public var cleared: [StoryRun]
  /// Bytes of the kernel that the user's pointer named and the copy read or wrote over as if they were the
  /// program's: nobody asked `access_ok()`.
  public var astray: [StoryRun]
  /// Bytes asked for, truncation done, that were neither handed over nor cleared. Where a check alone was asked,
  /// those where there is nothing; so are those behind the last address.
  public var untouched: UInt64
  /// The copy named only an address: own is what has its first byte.
  public var isAssumed: Bool

  /// Bytes handed over that are the copy's own, zeros of fresh pages in it included.
  public var own: UInt64 { Self.count(moved) { $0.story.isClean } }

  /// Bytes that went to user memory though they are not the copy's own, and those taken from the kernel in place
  /// of the program's.
  public var leaked: UInt64 {
    direction == .fromUser ? Self.count(astray) { _ in true } : strangers
  }

  /// Bytes overwritten or cleared that are not the copy's own.
  public var harmed: UInt64 {
    (direction == .fromUser ? strangers : 0) &+ Self.count(cleared) { !$0.story.isClean }
      &+ (direction == .fromUser ? 0 : Self.count(astray) { _ in true })
  }

  /// Bytes leaked or harmed.
  public var toll: UInt64 { leaked &+ harmed }

  /// Bytes filled with zeros.
  public var clearedBytes: UInt64 { Self.count(cleared) { _ in true } }

  /// Bytes handed over that are not the copy's own.
  public var strangers: UInt64 { Self.count(moved) { !$0.story.isClean } }

  /// The runs that leaked or were harmed, in address order.
  public var told: [StoryRun] { (moved + cleared).filter { !$0.story.isClean } + astray }

  private static func count(_ runs: [StoryRun], _ isCounted: (StoryRun) -> Bool) -> UInt64 {
    runs.reduce(0) { isCounted($1) ? $0 &+ $1.length : $0 }
  }
}

extension Kernel {
  /// What an outcome does to the bytes of this machine, which stands just before the copy.
  public func effect(_ outcome: CopyOutcome) -> CopyEffect {
    let attempt = outcome.attempt
    let moved = stories(handedOver(outcome), of: attempt, limit: .max)
      .filter { !outcome.isCheckOnly || $0.kind.isThere }
    let cleared = clearedRanges(outcome).flatMap { stories($0, of: attempt, limit: .max) }
    let touched = (moved + cleared).reduce(0) { $0 &+ $1.length }
    return CopyEffect(
      direction: attempt.direction, moved: moved, cleared: cleared, astray: astray(outcome),
      untouched: outcome.effectiveLength - min(outcome.effectiveLength, touched),
      isAssumed: attempt.intent == nil)
  }

  /// The kernel's bytes that went through, or of which a bare check says that they may.
  private func handedOver(_ outcome: CopyOutcome) -> ByteRange {
    // A refusal that comes late has moved a part.
    let bytes = outcome.verdict == .allow ? outcome.handedOver : outcome.copied
    return ByteRange(
      start: outcome.attempt.kernel, length: outcome.attempt.entry.clears ? 0 : bytes)
  }

  /// The kernel bytes that an outcome fills with zeros, as far as there is memory to write.
  private func clearedRanges(_ outcome: CopyOutcome) -> [ByteRange] {
    outcome.sideEffects.map { effect in
      let (start, length) =
        switch effect {
        case .zeroedKernel(let length): (outcome.attempt.kernel, length)
        case .zeroedTail(let from, let length): (outcome.attempt.kernel &+ from, length)
        }
      return ByteRange(start: start, length: writable(from: start, upTo: length))
    }
  }

  /// Whether what a copy takes for user memory is the kernel's own.
  public func aimsAstray(_ attempt: CopyAttempt) -> Bool {
    attempt.entry != .checkOnly && !attempt.entry.probes && attempt.user >= layout.userTop
  }

  /// What an outcome reads or writes over though its caller took it for user memory.
  private func astray(_ outcome: CopyOutcome) -> [StoryRun] {
    let attempt = outcome.attempt
    guard aimsAstray(attempt) else { return [] }
    let bytes =
      attempt.entry.clears && outcome.verdict == .allow
      ? outcome.effectiveLength - outcome.leftOver : outcome.copied
    return classify(ByteRange(start: attempt.user, length: bytes), limit: .max).map { run in
      StoryRun(
        start: run.start, length: run.length, story: run.holder == nil ? .nobody : .otherObject,
        kind: run.kind, label: run.label, author: .nobody)
    }
  }
}
