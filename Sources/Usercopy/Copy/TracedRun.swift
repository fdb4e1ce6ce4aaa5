/// A copy being judged in code that keeps the machine at hand and calls its functions by name.
protocol TracedRun {
  var kernel: Kernel { get }
  var outcome: CopyOutcome { get set }
  /// Whether trace steps, log lines and warnings are kept.
  var recording: Bool { get }
}

extension TracedRun {
  var attempt: CopyAttempt { outcome.attempt }
  var word: WordSize { kernel.configuration.wordSize }

  mutating func note(_ function: String, _ kind: TraceStep.Kind) {
    if recording { outcome.trace.append(TraceStep(function, kind)) }
  }

  /// Records a condition and hands its truth on.
  @discardableResult
  mutating func check(
    _ function: String, _ text: String, _ lhs: TraceValue?, _ rhs: TraceValue?, _ result: Bool
  ) -> Bool {
    if recording {
      outcome.trace.append(TraceStep(function, .check(text, lhs: lhs, rhs: rhs, result: result)))
    }
    return result
  }

  /// Records a condition whose operands are not worth showing.
  @discardableResult
  mutating func check(_ function: String, _ text: @autoclosure () -> String, _ result: Bool)
    -> Bool
  {
    if recording {
      outcome.trace.append(TraceStep(function, .check(text(), lhs: nil, rhs: nil, result: result)))
    }
    return result
  }

  /// Records a call with a pointer and a length, or a length alone.
  mutating func call(
    _ function: String, _ callee: String, pointer: Address? = nil, _ length: UInt64
  ) {
    guard recording else { return }
    var arguments: [TraceArgument] = []
    if let pointer { arguments.append(TraceArgument("ptr", .address(pointer))) }
    arguments.append(TraceArgument("len", .quantity(length)))
    outcome.trace.append(TraceStep(function, .call(callee, arguments)))
  }

  /// `length` cut to an unsigned 32-bit parameter called `name`.
  mutating func truncate(_ function: String, _ name: String, _ length: UInt64) -> UInt64 {
    let cut = length & 0xffff_ffff
    if cut != length {
      note(function, .assign(name, .quantity(cut), truncatedFrom: length))
    }
    return cut
  }

  /// The answer of `access_ok()` for the user side.
  func userRangeOK(_ length: UInt64) -> Bool { kernel.userRangeOK(attempt, length) }

  /// Leaves a routine that copied a string.
  mutating func move(_ string: StringCopy, _ function: String) {
    if let end = outcome.take(string, word) { note(function, end) }
  }

  /// The task never comes back.
  mutating func lose(_ verdict: Verdict, _ consequence: Consequence, _ length: UInt64) {
    outcome.verdict = verdict
    outcome.consequence = consequence
    outcome.effectiveLength = length
  }
}

/// What a raw copy routine did.
struct RawCopy {
  /// Bytes moved, from the start.
  var moved: UInt64
  /// The kernel side could not be written: the kernel's own fault.
  var isOops: Bool
  /// Bytes of the kernel buffer, from its start, that can be written.
  var writable: UInt64
}

/// What `strncpy_from_user()` did.
struct StringCopy {
  /// Bytes moved, the NUL among them.
  var moved: UInt64
  /// Length of the string, or -EFAULT.
  var result: Int64 = 0
  /// The kernel side could not be written.
  var isOops = false
}

extension CopyOutcome {
  /// Takes what a routine did that copied a string.
  ///
  /// - Returns: how it leaves; nil where it never does, as the kernel's side could not be written.
  mutating func take(_ string: StringCopy, _ word: WordSize) -> TraceStep.Kind? {
    copied = string.moved
    guard !string.isOops else {
      aftermath = "BUG: unable to handle page fault"
      consequence = .oops
      return nil
    }
    returned = ReturnType.long.value(UInt64(bitPattern: string.result), word)
    return .leave(
      string.result < 0 ? .signed(string.result) : .quantity(UInt64(string.result)))
  }
}

extension Kernel {
  /// `access_ok()`: the user side of a copy ends in user space.
  func userRangeOK(_ attempt: CopyAttempt, _ length: UInt64) -> Bool {
    if let forced = attempt.userAccessOK { return forced }
    let (end, overflow) = attempt.user.addingReportingOverflow(length)
    return !overflow && end <= layout.userTop
  }

  /// Bytes that `clear_user()` and `copy_in_user()` get done before a fault.
  func userOnly(_ attempt: CopyAttempt, _ length: UInt64) -> UInt64 {
    if neverFaults { return length }
    let there = memory.accessible(from: attempt.user, upTo: length, writing: true)
    guard !attempt.entry.clears else { return there }
    return memory.accessible(from: attempt.kernel, upTo: there, writing: false)
  }

  /// Moves what both sides let be touched. A fault on the user side, or on reading kernel memory, ends the copy
  /// short; a fault on writing kernel memory is an oops.
  func rawCopy(_ attempt: CopyAttempt, _ length: UInt64) -> RawCopy {
    if neverFaults { return RawCopy(moved: length, isOops: false, writable: length) }
    let inward = attempt.direction == .fromUser
    let user = memory.accessible(from: attempt.user, upTo: length, writing: !inward)
    guard inward else {
      let moved = memory.accessible(from: attempt.kernel, upTo: user, writing: false)
      return RawCopy(moved: moved, isOops: false, writable: 0)
    }
    let there = writable(from: attempt.kernel, upTo: length)
    return RawCopy(moved: min(user, there), isOops: there < length, writable: there)
  }
}
