/// What a copy did to the bytes on the kernel's side: the value that every renderer tells.
public struct CopyEffect: Sendable, Hashable {
  /// Which way the bytes went.
  public var direction: CopyDirection
  /// The bytes handed over, or those a bare check was asked about and let pass.
  public var moved: [StoryRun]
  /// The bytes of the kernel's buffer that were filled with zeros because the user's did not come.
  public var cleared: [StoryRun]
  /// Bytes asked for, truncation done, that were neither handed over nor cleared.
  public var untouched: UInt64
  /// The copy named only an address: own is what has its first byte.
  public var isAssumed: Bool

  /// Bytes handed over that are the copy's own, zeros of fresh pages in it included.
  public var own: UInt64 { Self.count(moved) { $0.story.isClean } }

  /// Bytes that went to user memory though they are not the copy's own.
  public var leaked: UInt64 { direction == .fromUser ? 0 : strangers }

  /// Bytes overwritten or cleared that are not the copy's own.
  public var harmed: UInt64 {
    (direction == .fromUser ? strangers : 0) &+ Self.count(cleared) { !$0.story.isClean }
  }

  /// Bytes filled with zeros.
  public var clearedBytes: UInt64 { Self.count(cleared) { _ in true } }

  /// Bytes handed over that are not the copy's own.
  public var strangers: UInt64 { Self.count(moved) { !$0.story.isClean } }

  /// The runs that leaked or were harmed, in address order.
  public var told: [StoryRun] { (moved + cleared).filter { !$0.story.isClean } }

  private static func count(_ runs: [StoryRun], _ isCounted: (StoryRun) -> Bool) -> UInt64 {
    runs.reduce(0) { isCounted($1) ? $0 &+ $1.length : $0 }
  }
}

extension Kernel {
  /// What an outcome does to the bytes of this machine, which stands just before the copy.
  public func effect(_ outcome: CopyOutcome) -> CopyEffect {
    let attempt = outcome.attempt
    let clears = attempt.entry.clears
    // A refusal that comes late has moved a part.
    let handedOver =
      clears ? 0 : outcome.verdict == .allow ? outcome.handedOver : outcome.copied
    let moved = stories(ByteRange(start: attempt.kernel, length: handedOver), of: attempt)
    let cleared = clearedRange(outcome).map { stories($0, of: attempt) } ?? []
    let touched = handedOver &+ cleared.reduce(0) { $0 &+ $1.length }
    return CopyEffect(
      direction: attempt.direction, moved: moved, cleared: cleared,
      untouched: outcome.effectiveLength - min(outcome.effectiveLength, touched),
      isAssumed: attempt.intent == nil)
  }

  /// The kernel bytes that an outcome fills with zeros, as far as there is memory to write.
  private func clearedRange(_ outcome: CopyOutcome) -> ByteRange? {
    for effect in outcome.sideEffects {
      let (start, length) =
        switch effect {
        case .zeroedKernel(let length): (outcome.attempt.kernel, length)
        case .zeroedTail(let from, let length): (outcome.attempt.kernel &+ from, length)
        }
      return ByteRange(start: start, length: writable(from: start, upTo: length))
    }
    return nil
  }
}
