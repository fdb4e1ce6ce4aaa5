public import Simulation
public import Usercopy

/// What holds of any copy: what is told of its bytes is what became of them.
public struct CopyLaws {
  private let report: CopyReport
  private let before, after: Kernel

  /// The laws of one copy.
  ///
  /// - Parameters:
  ///   - report: what is told of it.
  ///   - before: the machine it was made on.
  ///   - after: the machine right behind it.
  public init(_ report: CopyReport, before: Kernel, after: Kernel) {
    (self.report, self.before, self.after) = (report, before, after)
  }

  private var outcome: CopyOutcome { report.outcome }
  private var effect: CopyEffect { report.effect }
  private var attempt: CopyAttempt { report.outcome.attempt }
  /// First address behind all others.
  private var top: Address { before.configuration.wordSize.top }

  /// The first law that does not hold; nil where all do.
  public var broken: String? {
    brokenSum ?? brokenPartition ?? brokenPicture ?? brokenBytes ?? brokenWords
  }

  /// Own, not own, cleared and nothing are the length, whatever the length.
  private var brokenSum: String? {
    let moved = effect.own &+ effect.strangers
    if moved &+ effect.clearedBytes &+ effect.untouched != outcome.effectiveLength {
      return "own \(effect.own) + not own \(effect.strangers) + cleared \(effect.clearedBytes) + "
        + "nothing \(effect.untouched) is not \(outcome.effectiveLength)"
    }
    if attempt.direction == .toUser, effect.own &+ effect.leaked != moved {
      return "of \(moved) bytes moved \(effect.own) are own and \(effect.leaked) leaked"
    }
    if outcome.verdict != .allow, outcome.copied == 0, moved > 0 {
      return "refused, and \(moved) bytes moved"
    }
    return nil
  }

  /// The runs follow each other without a gap, and are all that moved.
  private var brokenPartition: String? {
    var place = attempt.kernel
    for run in effect.moved {
      guard run.length > 0, run.start >= place else { return "runs overlap or are empty" }
      guard run.start == place || outcome.isCheckOnly else { return "a gap in what moved" }
      place = run.start &+ run.length
    }
    guard !outcome.isCheckOnly, !attempt.entry.clears else { return nil }
    let moved = effect.own &+ effect.strangers
    return moved == outcome.copied ? nil : "\(outcome.copied) bytes moved, \(moved) are told"
  }

  /// The picture's runs follow each other without a gap up to the range's end or the top, and mark as leaky what
  /// leaked.
  private var brokenPicture: String? {
    let range = outcome.range
    var place = range.start
    for run in report.marks {
      guard run.range.start == place, run.range.length > 0 else { return "a gap in the picture" }
      place = place &+ run.range.length
    }
    let drawn = place &- range.start
    let room = min(range.length, top > range.start ? top - range.start : 0)
    guard drawn == room else { return "\(drawn) of \(room) bytes are drawn" }
    let leaky = report.marks.reduce(0) { $1.mark == .leaky ? $0 &+ $1.range.length : $0 }
    return attempt.entry.clears || leaky == effect.strangers
      ? nil : "the picture shows \(leaky) bytes not the copy's own, \(effect.strangers) were"
  }

  /// What arrived, what was written over and what was cleared is what is told, byte for byte; nothing beside it
  /// changed.
  private var brokenBytes: String? {
    guard !outcome.isCheckOnly else { return nil }
    let (kernel, user) = (attempt.kernel, attempt.user)
    if attempt.entry.clears {
      guard outcome.verdict == .allow else { return nil }
      return brokenZeros(user, outcome.effectiveLength - outcome.leftOver)
    }
    if attempt.direction != .fromUser {
      return brokenMove(from: kernel, to: user) ?? brokenBorder(user, outcome.copied)
    }
    if let broken = brokenMove(from: user, to: kernel) { return broken }
    for run in effect.cleared {
      if let broken = brokenZeros(run.start, run.length) { return broken }
    }
    let written = effect.cleared.last.map { $0.start &+ $0.length &- kernel } ?? outcome.copied
    return written < 1 << 20 ? brokenBorder(kernel, max(written, outcome.copied)) : nil
  }

  private func brokenMove(from: Address, to: Address) -> String? {
    for index in 0..<min(outcome.copied, 2_000) {
      let (held, arrived) = (before.memory[from &+ index], after.memory[to &+ index])
      guard held == arrived else {
        return "byte \(index) arrived as \(arrived), the source held \(held)"
      }
    }
    return nil
  }

  private func brokenZeros(_ start: Address, _ length: UInt64) -> String? {
    for index in 0..<min(length, 2_000) where after.memory[start &+ index] != 0 {
      return "byte \(index) is told to be cleared and is \(after.memory[start &+ index])"
    }
    return nil
  }

  /// 64 bytes on either side of what was written are as they were.
  private func brokenBorder(_ start: Address, _ length: UInt64) -> String? {
    for distance in UInt64(0)..<64 {
      for place in [start &- 1 &- distance, start &+ length &+ distance]
      where before.memory[place] != after.memory[place] {
        return "\(place &- start) bytes from the start a byte changed that is not told"
      }
    }
    return nil
  }

  /// What is left over and what moved is what was asked for, but for a string's end; what a routine hands back
  /// as its whole length moved whole.
  private var brokenWords: String? {
    guard outcome.verdict == .allow, !outcome.isCheckOnly, !attempt.entry.clears else { return nil }
    let isString = attempt.entry.endsWithString
    if !isString, outcome.copied + outcome.leftOver + outcome.filled != outcome.effectiveLength {
      return "\(outcome.copied) moved and \(outcome.leftOver) left are not all"
    }
    if let left = outcome.notCopied, left != outcome.leftOver, outcome.consequence != .oops {
      return "\(left) are said to be left, \(outcome.leftOver) are"
    }
    return nil
  }
}
