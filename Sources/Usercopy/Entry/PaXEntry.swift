/// The copy routines of x86 as PaX leaves them, 2011 (uaccess_32.h, uaccess_64.h) and 2014 (also uaccess.h).
///
/// `access_ok()` comes before the check, lengths above `INT_MAX` come back before it, and constants are not looked
/// at. Ports other than x86 ask nothing.
extension PaXRun {
  mutating func enter() {
    let name = attempt.entry.rawValue
    switch attempt.entry {
    case .copyToUser: copyToUser()
    case .copyFromUser, .copyFromUserOutOfLine, .copyStructFromUser: copyFromUser()
    case .copyToUserUnchecked, .copyFromUserUnchecked: unchecked(name, cut(name))
    case .copyToUserInatomic, .copyFromUserInatomic: inatomic(name)
    case .copyFromUserNocache: nocache(name, clears: true)
    case .copyFromUserInatomicNocache: nocache(name, clears: false)
    case .copyToUserNocheck, .copyFromUserNocheck: move(name, raw, attempt.length)
    case .readMem, .readKmem: bounced(name)
    case .copyOldmemPage: device { $0.copyToUser() }
    case .writeMem, .doWriteKmem: device { $0.copyFromUser() }
    case .probeKernelRead: probe("__copy_from_user_inatomic")
    case .probeKernelWrite: probe("__copy_to_user_inatomic")
    case .strncpyFromUser, .strncpyFromUserUnchecked: strncpy(name)
    case .copyInUser, .clearUser, .clearUserUnchecked, .userAccessBegin, .userAccessEnd:
      userOnly(name)
    case .getUser, .putUser, .getUserUnchecked, .putUserUnchecked, .unsafePutUser, .unsafeGetUser:
      valueTransfer(name)
    case .checkOnly:
      outcome.isCheckOnly = true
      _ = checkObject(attempt.length)
    }
  }

  private var isX86: Bool { kernel.configuration.architecture != .generic }
  private var is64: Bool { kernel.configuration.architecture == .x86_64 }
  private var isOut: Bool { attempt.direction == .toUser }

  /// The innermost routine's name.
  private var raw: String {
    switch kernel.configuration.architecture {
    case .x86_64: "copy_user_generic"
    case .x86_32: isOut ? "__copy_to_user_ll" : "__copy_from_user_ll"
    case .generic: "memcpy"
    }
  }

  /// The length as the routine's parameter holds it.
  private mutating func cut(_ function: String) -> UInt64 {
    rules.cutsLengths && is64 ? truncate(function, "size", attempt.length) : attempt.length
  }

  // MARK: The routines

  private mutating func copyToUser() {
    let function = "copy_to_user"
    let length = cut(function)
    if isTooSmall(function, length) { return leaveTooSmall(function, length) }
    guard check(function, "access_ok(VERIFY_WRITE, to, n)", userRangeOK(length)) else {
      refuse(by: .accessOK, in: function, length)
      return leave(function, length)
    }
    call(function, "__copy_to_user", pointer: attempt.kernel, length)
    unchecked("__copy_to_user", length)
  }

  private mutating func copyFromUser() {
    let function = "copy_from_user"
    let length = cut(function)
    // What is too small is only reported here; the copy goes on.
    _ = isTooSmall(function, length)
    if rules.cutsLengths, is64, isNegative(function, length) { return leave(function, length) }
    if check(function, "access_ok(VERIFY_READ, from, n)", userRangeOK(length)) {
      call(function, "__copy_from_user", pointer: attempt.kernel, length)
      return unchecked("__copy_from_user", length)
    }
    if isX86,
      check(
        function, "(long)n > 0", .signed(word.signed(length)), .signed(0), word.signed(length) > 0)
    {
      if rules.checksBeforeClearing, !agrees(function, length) { return }
      clear(function, length)
    }
    guard outcome.consequence != .oops else { return }
    refuse(by: .accessOK, in: function, length)
    leave(function, length)
  }

  /// The `__` forms: the length's sign, the check, the size the compiler knows, the copy.
  private mutating func unchecked(_ function: String, _ length: UInt64) {
    guard isX86 else { return move(function, raw, length) }
    if isNegative(function, length) { return leave(function, length) }
    guard agrees(function, length) else { return }
    if is64, isTooSmall(function, length) { return leaveTooSmall(function, length) }
    move(function, raw, length)
  }

  /// On x86-32 `__copy_to_user()` is its `_inatomic` form; the way in has no check there.
  private mutating func inatomic(_ function: String) {
    let length = cut(function)
    let asks = is64 ? rules.checksInatomicOnX86_64 : isX86 && isOut
    if asks { return unchecked(function, length) }
    if isX86, isNegative(function, length) { return leave(function, length) }
    move(function, isX86 && !is64 ? "__copy_from_user_ll_nozero" : raw, length, clears: is64)
  }

  private mutating func nocache(_ function: String, clears: Bool) {
    let length = cut(function)
    if isX86, isNegative(function, length) { return leave(function, length) }
    move(function, "__copy_user_nocache", length, clears: clears)
  }

  // MARK: The gates

  /// `(int)size < 0`, `(long)n < 0` or `size > INT_MAX`: the whole length comes back.
  private mutating func isNegative(_ function: String, _ length: UInt64) -> Bool {
    let limit: UInt64 = 0x7fff_ffff
    let isAbove = length > limit
    let signed = TraceValue.signed(WordSize.bits32.signed(length))
    switch (is64, rules.cutsLengths) {
    case (true, true): check(function, "(int)size < 0", signed, .signed(0), isAbove)
    case (true, false):
      check(function, "size > INT_MAX", .quantity(length), .quantity(limit), isAbove)
    case (false, _): check(function, "(long)n < 0", signed, .signed(0), isAbove)
    }
    guard isAbove else { return false }
    refuse(by: .lengthOverIntMax, in: function, length)
    return true
  }

  /// `sz != -1 && sz < n`: a warning, worded with the numbers where the length is no constant.
  private mutating func isTooSmall(_ function: String, _ length: UInt64) -> Bool {
    guard rules.comparesKnownSizes, isX86, let known = attempt.objectSize,
      check(function, "sz < n", .quantity(known), .quantity(length), known < length)
    else { return false }
    if recording {
      let numbers = attempt.isConstant ? "" : " (\(known) < \(length))"
      outcome.warnings.append("Buffer overflow detected\(numbers)!")
    }
    return true
  }

  private mutating func leaveTooSmall(_ function: String, _ length: UInt64) {
    refuse(by: .compileTimeObjectSize, in: function, length)
    leave(function, length)
  }

  /// The check, which constants are spared.
  private mutating func agrees(_ function: String, _ length: UInt64) -> Bool {
    if check(function, "__builtin_constant_p(n)", attempt.isConstant) { return true }
    call(function, rules.functions.entry, pointer: attempt.kernel, length)
    return checkObject(length) == .agree
  }

  // MARK: Callers

  /// `/dev/mem` and `/dev/kmem` read through a buffer of kmalloc, whose caches carry the flag.
  private mutating func bounced(_ name: String) {
    note(name, .call("kmalloc", []))
    if check(name, "access_ok(VERIFY_WRITE, to, n)", userRangeOK(attempt.length)) {
      move(name, raw, attempt.length)
    } else {
      refuse(by: .accessOK, in: name, attempt.length)
      leave(name, attempt.length)
    }
    returnCount()
  }

  private mutating func device(_ body: (inout PaXRun) -> Void) {
    let inner = isOut ? "copy_to_user" : "copy_from_user"
    call(attempt.entry.rawValue, inner, pointer: attempt.kernel, attempt.length)
    body(&self)
    if !outcome.isFatal { returnCount() }
  }

  /// A driver's read or write: the count, or -EFAULT. What was written before a fault is handed back.
  private mutating func returnCount() {
    outcome.returned = ReturnValue(
      type: "ssize_t", value: outcome.deviceResult(of: attempt.length, word), isUnsigned: false)
    outcome.notCopied = nil
  }

  private mutating func probe(_ inner: String) {
    call(attempt.entry.rawValue, inner, pointer: attempt.kernel, attempt.length)
    inatomic(inner)
    guard !outcome.isFatal else { return }
    let failed = outcome.notCopied != 0
    outcome.notCopied = nil
    outcome.returned = ReturnValue(type: "long", value: failed ? -14 : 0, isUnsigned: false)
  }

  // MARK: Without a check

  private mutating func strncpy(_ name: String) {
    guard check(name, "access_ok(VERIFY_READ, src, 1)", userRangeOK(1)) else {
      refuse(by: .accessOK, in: name, attempt.length)
      note(name, .leave(.signed(-14)))
      outcome.returned = ReturnValue(type: "long", value: -14, isUnsigned: false)
      return
    }
    move(kernel.stringCopy(attempt, attempt.length), name)
  }

  private mutating func userOnly(_ name: String) {
    let checksRange = attempt.entry == .clearUser || attempt.entry == .copyInUser
    if checksRange, !check(name, "access_ok(user range)", userRangeOK(attempt.length)) {
      refuse(by: .accessOK, in: name, attempt.length)
      return leave(name, attempt.length)
    }
    let done = kernel.userOnly(attempt, attempt.length)
    if !attempt.entry.clears { outcome.copied = done }
    leave(name, attempt.length - done)
  }

  private mutating func valueTransfer(_ name: String) {
    let checksRange = attempt.entry == .getUser || attempt.entry == .putUser
    if checksRange, !check(name, "access_ok(user range)", userRangeOK(attempt.length)) {
      refuse(by: .accessOK, in: name, attempt.length)
      outcome.returned = ReturnValue(type: "int", value: -14, isUnsigned: false)
      return
    }
    move(name, raw, attempt.length, clears: false)
    outcome.notCopied = nil
    let failed = outcome.copied != attempt.length
    outcome.returned = ReturnValue(type: "int", value: failed ? -14 : 0, isUnsigned: false)
  }
}
