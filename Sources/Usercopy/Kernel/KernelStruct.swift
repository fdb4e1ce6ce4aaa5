/// `copy_struct_from_user()` (include/linux/uaccess.h): a structure that grows from release to release.
///
/// The program says how large its own is (`usize`, the copy's length), the kernel knows its own (`ksize`, the size
/// the compiler knows). What both have is copied by `copy_from_user()`, with its checks.
extension Kernel {
  /// Judges what is beside the common part, then the copy of that part.
  func judgeStruct(_ attempt: CopyAttempt, under era: Era, recording: Bool) -> CopyOutcome {
    let run = StructRun(kernel: self, attempt: attempt, era: era, recording: recording)
    return run.judged()
  }
}

/// A copy of a structure being judged.
private struct StructRun {
  let kernel: Kernel
  let attempt: CopyAttempt
  let era: Era
  let recording: Bool
  private var trace: [TraceStep] = []

  init(kernel: Kernel, attempt: CopyAttempt, era: Era, recording: Bool) {
    (self.kernel, self.attempt, self.era) = (kernel, attempt, era)
    self.recording = recording
  }

  /// The program's size, in bytes.
  private var theirs: UInt64 { attempt.length }
  /// The kernel's.
  private var ours: UInt64 { attempt.objectSize ?? attempt.length }
  private var common: UInt64 { min(theirs, ours) }

  func judged() -> CopyOutcome {
    var run = self
    if run.check("usize < ksize", theirs, ours, theirs < ours) { return run.shorter() }
    if run.check("usize > ksize", theirs, ours, theirs > ours), let end = run.longer() {
      return end
    }
    return run.copied()
  }

  private mutating func check(_ text: String, _ lhs: UInt64, _ rhs: UInt64, _ result: Bool) -> Bool
  {
    let kind = TraceStep.Kind.check(text, lhs: .quantity(lhs), rhs: .quantity(rhs), result: result)
    note(attempt.entry.rawValue, kind)
    return result
  }

  private mutating func note(_ function: String, _ kind: TraceStep.Kind) {
    if recording { trace.append(TraceStep(function, kind)) }
  }

  /// A program that knows less: the rest of the kernel's structure becomes zeros. No check looks at that.
  private mutating func shorter() -> CopyOutcome {
    let rest = ours - common
    note(attempt.entry.rawValue, .call("memset", [TraceArgument("len", .quantity(rest))]))
    let start = kernel.configuration.wordSize.add(attempt.kernel, common)
    let there = kernel.writable(from: start, upTo: rest)
    var outcome = there < rest ? ended(.none) : copied()
    outcome.effectiveLength += rest
    outcome.filled = rest
    outcome.sideEffects.append(.zeroedTail(from: common, length: there))
    if there < rest {
      outcome.aftermath = "BUG: unable to handle page fault"
      outcome.consequence = .oops
    }
    return outcome
  }

  /// A program that knows more: `check_zeroed_user()` asks that what the kernel does not know is zero. Nil
  /// where it is.
  private mutating func longer() -> CopyOutcome? {
    let function = "check_zeroed_user"
    let rest = theirs - common
    note(attempt.entry.rawValue, .call(function, [TraceArgument("len", .quantity(rest))]))
    var behind = attempt
    let (start, overflow) = attempt.user.addingReportingOverflow(common)
    behind.user = start
    let isGood = !overflow && kernel.userRangeOK(behind, rest)
    note(function, .check("access_ok(user range)", lhs: nil, rhs: nil, result: isGood))
    guard isGood else {
      var outcome = ended(.int(-14))
      (outcome.verdict, outcome.refuser, outcome.refusedIn) = (.deny, .accessOK, function)
      outcome.consequence = .returnCount
      return outcome
    }
    let there = kernel.memory.accessible(from: start, upTo: rest, writing: false)
    let isZero = kernel.isZero(from: start, length: there)
    if isZero, there < rest, !kernel.neverFaults { return ended(.int(-14)) }
    note(function, .check("val == 0", lhs: nil, rhs: nil, result: isZero))
    guard !isZero else { return nil }
    var outcome = ended(.int(-7))
    (outcome.verdict, outcome.refuser, outcome.refusedIn) = (.deny, .trailingBytes, function)
    outcome.consequence = .returnCount
    return outcome
  }

  /// How the function ends before it copies.
  private enum End {
    /// It never comes back.
    case none
    case int(Int64)
  }

  private mutating func ended(_ end: End) -> CopyOutcome {
    var outcome = CopyOutcome(attempt: attempt, era: era.id)
    outcome.effectiveLength = common
    if case .int(let value) = end {
      note(attempt.entry.rawValue, .leave(.signed(value)))
      outcome.returned = ReturnValue(type: "int", value: value, isUnsigned: false)
    }
    outcome.trace = trace
    return outcome
  }

  /// `copy_from_user()` of the part that both have; anything left over is -EFAULT.
  private mutating func copied() -> CopyOutcome {
    var part = attempt
    (part.entry, part.length) = (.copyFromUser, common)
    var outcome = kernel.judgeAtOnce(part, under: era, recording: recording)
    outcome.attempt = attempt
    note(attempt.entry.rawValue, .call("copy_from_user", [TraceArgument("len", .quantity(common))]))
    trace += outcome.trace
    if outcome.returned != nil {
      let value: Int64 = outcome.notCopied == 0 ? 0 : -14
      note(attempt.entry.rawValue, .leave(.signed(value)))
      outcome.returned = ReturnValue(type: "int", value: value, isUnsigned: false)
      outcome.notCopied = nil
    }
    outcome.trace = trace
    return outcome
  }
}

extension Kernel {
  /// Whether mapped bytes are all zero.
  fileprivate func isZero(from start: Address, length: UInt64) -> Bool {
    var done: UInt64 = 0
    while done < length {
      let count = min(length - done, Memory.pageSize)
      guard memory.read(start &+ done, count: Int(count)).allSatisfy({ $0 == 0 }) else {
        return false
      }
      done += count
    }
    return true
  }
}
