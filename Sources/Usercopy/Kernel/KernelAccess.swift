import KernelHistory

/// Bare access to user memory (arch/x86/include/asm/uaccess.h): `user_access_begin()`, values one by one,
/// `user_access_end()`. No check of the kernel's side is made, and `access_ok()` is the business of the first.
extension Kernel {
  /// Judges one of these functions; the code is that of the era's release.
  func judgeAccess(_ attempt: CopyAttempt, under era: Era, recording: Bool) -> CopyOutcome {
    var run = AccessRun(
      kernel: self, release: era.release, recording: recording,
      outcome: CopyOutcome(attempt: attempt, era: era.id))
    if attempt.entry.isBare {
      run.value()
    } else if attempt.entry == .userAccessBegin {
      run.begin()
    } else {
      run.end()
    }
    return run.outcome
  }

  /// Sets the processor's AC flag or clears it; every copy that opens user memory by itself closes it again.
  mutating func moveAccess(_ outcome: CopyOutcome) {
    let entry = outcome.attempt.entry
    if entry == .userAccessBegin {
      if outcome.verdict == .allow { isUserOpen = true }
    } else if entry == .userAccessEnd || (outcome.copied > 0 && !entry.isBare) {
      isUserOpen = false
    }
  }

  /// Whether the processor lets the kernel touch an address, as far as SMAP goes: it looks at user pages alone.
  func smapAllows(_ address: Address) -> Bool {
    !configuration.smap || configuration.architecture == .generic || isUserOpen
      || address >= layout.userTop
  }
}

/// One of the functions being judged.
private struct AccessRun {
  let kernel: Kernel
  let release: KernelVersion
  let recording: Bool
  var outcome: CopyOutcome

  private var attempt: CopyAttempt { outcome.attempt }
  private var name: String { outcome.attempt.entry.rawValue }

  /// Since 5.0 with `access_ok()` in it; it says 1 when user memory is open.
  mutating func begin() {
    outcome.effectiveLength = 0
    if CallerChange.beginAsks.holds(in: release) {
      let isGood = kernel.userRangeOK(attempt, attempt.length)
      note(.check("access_ok(user range)", lhs: nil, rhs: nil, result: isGood))
      guard isGood else { return refuse(by: .accessOK, 0) }
    }
    note(.call("__uaccess_begin", []))
    leave(1)
  }

  mutating func end() {
    outcome.effectiveLength = 0
    note(.call("__uaccess_end", []))
  }

  /// A value; a fault leads to the caller's label, which is -EFAULT here.
  mutating func value() {
    if kernel.configuration.smap {
      let isOpen = kernel.smapAllows(attempt.user)
      let text = "AC is set, or no user page"
      note(.check(text, lhs: .address(attempt.user), rhs: nil, result: isOpen))
      guard isOpen else { return violate() }
    }
    let done = kernel.rawCopy(attempt, attempt.length)
    outcome.copied = done.moved
    guard !done.isOops else { return oops() }
    leave(done.moved == attempt.length ? 0 : -14)
  }

  /// The page fault of SMAP: until 5.11 the label is jumped to, as for any other.
  private mutating func violate() {
    refuse(by: .smap, -14)
    guard CallerChange.noFixupOfSMAP.holds(in: release) else { return }
    outcome.returned = nil
    oops()
  }

  private mutating func oops() {
    outcome.aftermath = "BUG: unable to handle page fault"
    outcome.consequence = .oops
  }

  private mutating func refuse(by refuser: Refuser, _ value: Int64) {
    (outcome.verdict, outcome.refuser, outcome.refusedIn) = (.deny, refuser, name)
    outcome.consequence = .returnCount
    leave(value)
  }

  private mutating func leave(_ value: Int64) {
    note(.leave(.signed(value)))
    outcome.returned = ReturnValue(type: "int", value: value, isUnsigned: false)
  }

  private mutating func note(_ kind: TraceStep.Kind) {
    if recording { outcome.trace.append(TraceStep(name, kind)) }
  }
}
