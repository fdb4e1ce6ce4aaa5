/// The copy routines of x86-32 as RFC v1 leaves them (uaccess_32.h, usercopy_32.c).
///
/// `copy_to_user()` and `copy_from_user()` are out of line: `access_ok()` comes first and sizes
/// are no constants any more. Constant 1, 2 and 4 skip the gates of the `__` forms.
extension RFCRun {
  mutating func x86_32() {
    let name = attempt.entry.rawValue
    outcome.isMisspelt = rules.wording == .rfcV2
    switch attempt.entry {
    case .copyToUser: copyToUser32()
    case .copyFromUser, .copyStructFromUser: copyFromUser32()
    case .copyFromUserOutOfLine: outOfLineFromUser32()
    case .copyToUserUnchecked: copyToUserUnchecked32(attempt.isConstant)
    case .copyToUserInatomic: inline32(name, "from", "__copy_to_user_ll", attempt.isConstant)
    case .copyFromUserUnchecked: inline32(name, "to", "__copy_from_user_ll", attempt.isConstant)
    case .copyFromUserInatomic:
      inline32(name, "to", "__copy_from_user_ll_nozero", attempt.isConstant)
    case .copyFromUserNocache:
      inline32(name, "to", "__copy_from_user_ll_nocache", attempt.isConstant)
    case .copyFromUserInatomicNocache:
      inline32(name, "to", "__copy_from_user_ll_nocache_nozero", nil)
    case .copyToUserNocheck: copyToUserNocheck32()
    case .copyFromUserNocheck: copyFromUserNocheck32()
    case .strncpyFromUser: strncpyFromUser()
    case .strncpyFromUserUnchecked: strncpyUnchecked("__do_strncpy_from_user", gated: false)
    case .clearUser, .clearUserUnchecked, .userAccessBegin, .userAccessEnd:
      clearUser("__do_clear_user")
    case .getUser, .putUser: valueTransfer(checksRange: true, through: nil)
    case .getUserUnchecked, .putUserUnchecked, .unsafePutUser, .unsafeGetUser:
      valueTransfer(checksRange: false, through: nil)
    case .readMem, .readKmem, .copyOldmemPage, .writeMem, .doWriteKmem: memoryDevice32()
    case .probeKernelRead:
      probe("__copy_from_user_inatomic") {
        $0.inline32(
          "__copy_from_user_inatomic", "to", "__copy_from_user_ll_nozero", false)
      }
    case .probeKernelWrite:
      probe("__copy_to_user_inatomic") {
        $0.inline32("__copy_to_user_inatomic", "from", "__copy_to_user_ll", false)
      }
    case .copyInUser:
      outcome.undefinedByPatch = true
      copyToUserNocheck32()
    case .checkOnly: bareCheck()
    }
  }

  /// `/dev/mem` and its kin: RFC v1 has them skip the gates; the `_unchecked` forms of v2 and v3
  /// end in the `__` forms, which check.
  private mutating func memoryDevice32() {
    let out = attempt.direction == .toUser
    switch (rules.usesHelper, out) {
    case (false, true): wrapper("copy_to_user_nocheck") { $0.copyToUserNocheck32() }
    case (false, false): wrapper("copy_from_user_nocheck") { $0.copyFromUserNocheck32() }
    case (true, true): wrapper("copy_to_user") { $0.copyToUser32() }
    case (true, false): wrapper("_copy_from_user") { $0.outOfLineFromUser32() }
    }
  }

  /// The body the inline forms share; `constant` nil where the source has no such path.
  private mutating func inline32(
    _ name: String, _ pointer: String, _ raw: String, _ constant: Bool?
  ) {
    let length = attempt.length
    if let constant, check(name, "__builtin_constant_p(n)", constant) {
      if check(
        name, "n in {1,2,4}", .quantity(length), nil, [1, 2, 4].contains(length))
      {
        return leave(name, .unsignedLong, move(length))
      }
    }
    switch gates(name, pointer, "n", at: attempt.kernel, length) {
    case .lost: return
    case .refuse: return leave(name, .unsignedLong, length)
    case .agree: break
    }
    call(name, raw, length)
    leave(name, .unsignedLong, move(length))
  }

  private mutating func copyToUser32() {
    let name = EntryPoint.copyToUser.rawValue
    guard userRange(name, "access_ok(VERIFY_WRITE, to, n)", .unsignedLong) else { return }
    call(name, "__copy_to_user", pointer: attempt.kernel, attempt.length)
    copyToUserUnchecked32(false)
  }

  /// `__copy_to_user()`: RFC v2 and v3 ask here, in front of the constant sizes; v1 asks in the `_inatomic` form.
  private mutating func copyToUserUnchecked32(_ constant: Bool) {
    let name = EntryPoint.copyToUserUnchecked.rawValue
    if rules.usesHelper {
      switch gates(name, "from", "n", at: attempt.kernel, attempt.length) {
      case .lost: return
      case .refuse: return leave(name, .unsignedLong, attempt.length)
      case .agree: break
      }
    }
    call(name, "__copy_to_user_inatomic", pointer: attempt.kernel, attempt.length)
    inline32("__copy_to_user_inatomic", "from", "__copy_to_user_ll", constant)
  }

  private mutating func copyFromUser32() {
    let name = EntryPoint.copyFromUser.rawValue
    guard compileTimeSizeOK(name, attempt.length) else { return overflowDetected(name) }
    if rules.usesHelper {
      switch gates(name, "to", "n", at: attempt.kernel, attempt.length) {
      case .lost: return
      case .refuse: return leave(name, .unsignedLong, attempt.length)
      case .agree: break
      }
    }
    call(name, "_copy_from_user", pointer: attempt.kernel, attempt.length)
    outOfLineFromUser32()
  }

  private mutating func outOfLineFromUser32() {
    let name = EntryPoint.copyFromUserOutOfLine.rawValue
    guard check(name, "access_ok(VERIFY_READ, from, n)", userRangeOK(attempt.length)) else {
      return zeroAndLeave(name, .unsignedLong, attempt.length)
    }
    call(name, "__copy_from_user", pointer: attempt.kernel, attempt.length)
    inline32("__copy_from_user", "to", "__copy_from_user_ll", false)
  }

  private mutating func copyToUserNocheck32() {
    let name = EntryPoint.copyToUserNocheck.rawValue
    outcome.undefinedByPatch = true
    guard userRange(name, "access_ok(VERIFY_WRITE, to, n)", .unsignedLong) else { return }
    call(name, "__copy_to_user_ll", attempt.length)
    leave(name, .unsignedLong, move(attempt.length))
  }

  private mutating func copyFromUserNocheck32() {
    let name = EntryPoint.copyFromUserNocheck.rawValue
    outcome.undefinedByPatch = true
    guard compileTimeSizeOK(name, attempt.length) else { return overflowDetected(name) }
    guard check(name, "access_ok(VERIFY_READ, from, n)", userRangeOK(attempt.length)) else {
      return zeroAndLeave(name, .unsignedLong, attempt.length)
    }
    call(name, "__copy_from_user_ll", attempt.length)
    leave(name, .unsignedLong, move(attempt.length))
  }

  private mutating func overflowDetected(_ name: String) {
    outcome.warnings.append("Buffer overflow detected!")
    refuse(by: .objectSize, attempt.length)
    leave(name, .unsignedLong, attempt.length)
  }
}
