/// `/dev/mem` and `/dev/kmem`: drivers/char/mem.c copies what lies in one page, then what lies in the next.
extension Kernel {
  /// Judges each page's part by itself, until one falls short.
  func judgeByPages(_ attempt: CopyAttempt, under era: Era, recording: Bool) -> CopyOutcome {
    var part = attempt
    var whole: CopyOutcome?
    var done: UInt64 = 0
    repeat {
      part.kernel = configuration.wordSize.add(attempt.kernel, done)
      part.user = attempt.user &+ done
      let room = Memory.pageSize - part.kernel % Memory.pageSize
      part.length = min(room, attempt.length - done)
      let outcome = judgeAtOnce(part, under: era, recording: recording)
      whole = whole.map { $0.followed(by: outcome, at: done) } ?? outcome
      guard outcome.verdict == .allow, outcome.copied == part.length, !outcome.isFatal else {
        break
      }
      done += part.length
    } while done < attempt.length
    var result = whole ?? CopyOutcome(attempt: attempt, era: era.id)
    result.attempt = attempt
    result.effectiveLength = attempt.length
    if !result.isFatal {
      result.notCopied = attempt.length - result.copied
      result.returned = ReturnValue(
        type: "ssize_t",
        value: result.deviceResult(of: attempt.length, configuration.wordSize), isUnsigned: false)
      result.notCopied = nil
    }
    return result
  }
}

extension CopyOutcome {
  /// Both parts of a copy told as one: what the second did happened `offset` bytes further on.
  fileprivate func followed(by next: CopyOutcome, at offset: UInt64) -> CopyOutcome {
    var both = next
    both.copied = copied + next.copied
    both.gates = gates + next.gates
    both.log = log + next.log
    both.warnings = warnings + next.warnings
    both.usedUpWarning = usedUpWarning || next.usedUpWarning
    both.undefinedByPatch = undefinedByPatch || next.undefinedByPatch
    both.isMisspelt = isMisspelt || next.isMisspelt
    both.trace = trace + next.trace
    both.sideEffects =
      sideEffects
      + next.sideEffects.map { effect in
        switch effect {
        case .zeroedKernel(let length): .zeroedTail(from: offset, length: length)
        case .zeroedTail(let from, let length): .zeroedTail(from: from + offset, length: length)
        }
      }
    return both
  }
}
