/// A copy being judged by PaX: the entry point's code walks through it and leaves the outcome behind.
struct PaXRun: TracedRun {
  let kernel: Kernel
  let rules: PaXRules
  var outcome: CopyOutcome
  let recording: Bool

  init(kernel: Kernel, rules: PaXRules, attempt: CopyAttempt, era: String, recording: Bool) {
    self.kernel = kernel
    self.rules = rules
    self.recording = recording
    outcome = CopyOutcome(attempt: attempt, era: era)
  }

  /// What becomes of another copy.
  mutating func ruling(_ attempt: CopyAttempt) -> Judge.Ruling {
    outcome = CopyOutcome(attempt: attempt, era: outcome.era)
    enter()
    return Judge.Ruling(outcome)
  }
}

extension PaXRun {
  /// Stops the copy in front of the check; the caller gets the count.
  mutating func refuse(by refuser: Refuser, in function: String, _ length: UInt64) {
    outcome.verdict = .deny
    outcome.refuser = refuser
    outcome.refusedIn = function
    outcome.effectiveLength = length
    outcome.consequence = .returnCount
  }

  /// `pax_report_usercopy()`: logs, and ends the thread group.
  mutating func report(_ function: String, _ what: String?, _ length: UInt64) -> GateAnswer {
    outcome.verdict = .deny
    outcome.refuser = .paxUsercopy
    outcome.refusedIn = function
    outcome.effectiveLength = length
    outcome.consequence = .sigkill
    guard recording else { return .refuse }
    let leak = attempt.direction == .toUser
    let pointer = KernelFormat.pointer(attempt.kernel, word)
    outcome.log.append(
      "PAX: kernel memory \(leak ? "leak" : "overwrite") attempt detected "
        + "\(leak ? "from" : "to") \(pointer) (\(what ?? "unknown")) (\(length) bytes)")
    note(rules.functions.entry, .call("pax_report_usercopy", []))
    return .refuse
  }

  /// Leaves the entry point with the count of bytes not copied.
  mutating func leave(_ function: String, _ left: UInt64) {
    note(function, .leave(.quantity(left)))
    outcome.notCopied = left
    outcome.returned = ReturnType.unsignedLong.value(left, word)
  }

  /// The innermost routine. `clears` says whether it fills what user memory did not give with zeros.
  mutating func move(_ function: String, _ raw: String, _ length: UInt64, clears: Bool = true) {
    call(function, raw, length)
    outcome.effectiveLength = length
    let done = kernel.rawCopy(attempt, length)
    outcome.copied = done.moved
    if clears, attempt.direction == .fromUser, done.moved < length { zero(done, from: done.moved) }
    guard !done.isOops else { return oops() }
    leave(function, length - done.moved)
  }

  /// A bad user range on the way in: the kernel buffer is cleared.
  mutating func clear(_ function: String, _ length: UInt64) {
    let there = kernel.writable(from: attempt.kernel, upTo: length)
    if there > 0 { outcome.sideEffects.append(.zeroedTail(from: 0, length: there)) }
    if there < length { oops() }
  }

  private mutating func zero(_ done: RawCopy, from start: UInt64) {
    guard start < done.writable else { return }
    outcome.sideEffects.append(.zeroedTail(from: start, length: done.writable - start))
  }

  private mutating func oops() {
    outcome.aftermath = "BUG: unable to handle page fault"
    outcome.consequence = .oops
  }
}
