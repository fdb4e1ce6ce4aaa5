/// What the entry points of all architectures share under RFC v1.
extension RFCRun {
  /// `sz == -1 || sz >= n`, `sz` being the size the compiler knows.
  mutating func compileTimeSizeOK(_ name: String, _ length: UInt64) -> Bool {
    let known = attempt.objectSize
    let shown: TraceValue = known.map { .quantity($0) } ?? .signed(-1)
    if check(name, "sz == -1", shown, .signed(-1), known == nil) { return true }
    let enough = (known ?? 0) >= length
    return check(name, "sz >= n", shown, .quantity(length), enough)
  }

  /// `access_ok()` in front of a copy; a bad range is refused and left.
  mutating func userRange(_ name: String, _ condition: String, _ type: ReturnType) -> Bool {
    if check(name, condition, userRangeOK(attempt.length)) { return true }
    refuse(by: .accessOK, attempt.length)
    leave(name, type, attempt.length)
    return false
  }

  /// A bad user range on the way in: the kernel buffer is cleared without asking any gate.
  mutating func zeroAndLeave(_ name: String, _ type: ReturnType, _ length: UInt64) {
    refuse(by: .accessOK, length)
    let there = kernel.writable(from: attempt.kernel, upTo: length)
    outcome.sideEffects.append(.zeroedKernel(length: there))
    if there < length { outcome.aftermath = "BUG: unable to handle page fault" }
    leave(name, type, length)
  }

  mutating func clearUser(_ raw: String) {
    let name = attempt.entry.rawValue
    let size = attempt.length
    if attempt.entry == .clearUser,
      !userRange(name, "access_ok(VERIFY_WRITE, to, n)", .unsignedLong)
    {
      return
    }
    call(name, raw, size)
    outcome.effectiveLength = size
    leave(name, .unsignedLong, size - kernel.userOnly(attempt, size))
  }

  mutating func strncpyFromUser() {
    let name = attempt.entry.rawValue
    guard check(name, "access_ok(VERIFY_READ, src, 1)", userRangeOK(1)) else {
      refuse(by: .accessOK, attempt.length)
      note(name, .leave(.signed(-14)))
      outcome.returned = ReturnValue(type: "long", value: -14, isUnsigned: false)
      return
    }
    switch kernel.configuration.architecture {
    case .x86_32:
      strncpyRaw(name, "__do_strncpy_from_user")
    case .x86_64, .generic:
      call(name, "__strncpy_from_user", pointer: attempt.kernel, attempt.length)
      strncpyUnchecked(
        kernel.configuration.architecture == .generic ? "strncpy" : "__do_strncpy_from_user",
        gated: true)
    }
  }

  mutating func strncpyUnchecked(_ raw: String, gated: Bool) {
    let name = "__strncpy_from_user"
    let count = attempt.length
    if gated {
      switch gates(name, "dst", "count", at: attempt.kernel, count) {
      case .lost: return
      case .refuse:
        note(name, .leave(.quantity(count)))
        outcome.returned = ReturnType.long.value(count, word)
        return
      case .agree: break
      }
    }
    strncpyRaw(name, raw)
  }

  private mutating func strncpyRaw(_ name: String, _ raw: String) {
    let count = attempt.length
    call(name, raw, count)
    outcome.effectiveLength = count
    move(kernel.stringCopy(attempt, count), name)
  }

  /// `get_user()` and `put_user()`; asm-generic runs them through a copy of the value.
  mutating func valueTransfer(checksRange: Bool, through copy: String?) {
    let name = attempt.entry.rawValue
    if checksRange {
      let kind = attempt.direction == .toUser ? "VERIFY_WRITE" : "VERIFY_READ"
      let text = "access_ok(\(kind), ptr, sizeof(*ptr))"
      guard check(name, text, userRangeOK(attempt.length)) else {
        refuse(by: .accessOK, attempt.length)
        note(name, .leave(.signed(-14)))
        outcome.returned = ReturnValue(type: "int", value: -14, isUnsigned: false)
        return
      }
    }
    if let copy {
      call(name, copy, pointer: attempt.kernel, attempt.length)
      inlineGeneric(copy, attempt.direction == .toUser ? "from" : "to", true)
    } else {
      _ = move(attempt.length)
      note(name, .leave(.quantity(0)))
    }
    guard outcome.verdict != .bug, outcome.verdict != .hang else { return }
    let failed = outcome.copied != attempt.length
    outcome.notCopied = nil
    outcome.returned = ReturnValue(type: "int", value: failed ? -14 : 0, isUnsigned: false)
  }

  /// A driver's read or write: the count, or -EFAULT; of a write what was written before a fault.
  mutating func wrapper(_ callee: String, _ body: (inout RFCRun) -> Void) {
    call(attempt.entry.rawValue, callee, pointer: attempt.kernel, attempt.length)
    body(&self)
    outcome.returned = ReturnValue(
      type: "ssize_t", value: outcome.deviceResult(of: attempt.length, word), isUnsigned: false)
    outcome.notCopied = nil
  }

  /// `probe_kernel_read()` and `probe_kernel_write()`: anything left over is -EFAULT.
  mutating func probe(_ callee: String, _ body: (inout RFCRun) -> Void) {
    call(attempt.entry.rawValue, callee, pointer: attempt.kernel, attempt.length)
    body(&self)
    guard outcome.verdict != .bug, outcome.verdict != .hang else { return }
    let failed = outcome.notCopied != 0
    outcome.notCopied = nil
    outcome.returned = ReturnValue(type: "long", value: failed ? -14 : 0, isUnsigned: false)
  }

  /// Only the gates, as `check_object_size()` of later kernels would be asked.
  mutating func bareCheck() {
    outcome.isCheckOnly = true
    _ = gates(attempt.entry.rawValue, "ptr", "n", at: attempt.kernel, attempt.length)
  }
}
