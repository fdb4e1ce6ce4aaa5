/// The copy routines of asm-generic/uaccess.h as RFC v1 leaves them.
///
/// Constant 1, 2, 4 (and 8 on 64 bit) skip the gates, also after inlining into `copy_*_user()`.
extension RFCRun {
  mutating func generic() {
    let name = attempt.entry.rawValue
    switch attempt.entry {
    case .copyToUser: ranged(name, "access_ok(VERIFY_WRITE, to, n)", "__copy_to_user", "from")
    case .copyFromUser, .copyStructFromUser:
      ranged(name, "access_ok(VERIFY_READ, from, n)", "__copy_from_user", "to")
    case .copyFromUserOutOfLine:
      ranged("copy_from_user", "access_ok(VERIFY_READ, from, n)", "__copy_from_user", "to")
    case .copyToUserUnchecked, .copyToUserInatomic:
      inlineGeneric(name, "from", attempt.isConstant)
    case .copyFromUserUnchecked, .copyFromUserInatomic, .copyFromUserNocache,
      .copyFromUserInatomicNocache:
      inlineGeneric(name, "to", attempt.isConstant)
    case .copyToUserNocheck: nocheckGeneric(name, "access_ok(VERIFY_WRITE, to, n)")
    case .copyFromUserNocheck: nocheckGeneric(name, "access_ok(VERIFY_READ, from, n)")
    case .strncpyFromUser: strncpyFromUser()
    case .strncpyFromUserUnchecked: strncpyUnchecked("strncpy", gated: true)
    case .clearUser, .clearUserUnchecked, .userAccessBegin, .userAccessEnd:
      clearUser("memset")
    case .getUser, .putUser, .getUserUnchecked, .putUserUnchecked, .unsafePutUser, .unsafeGetUser:
      let to = attempt.direction == .toUser
      valueTransfer(
        checksRange: attempt.entry == .getUser || attempt.entry == .putUser,
        through: to ? "__copy_to_user" : "__copy_from_user")
    case .readMem, .readKmem, .copyOldmemPage:
      wrapper("copy_to_user_nocheck") {
        $0.nocheckGeneric("copy_to_user_nocheck", "access_ok(VERIFY_WRITE, to, n)")
      }
    case .writeMem, .doWriteKmem:
      wrapper("copy_from_user_nocheck") {
        $0.nocheckGeneric("copy_from_user_nocheck", "access_ok(VERIFY_READ, from, n)")
      }
    case .probeKernelRead:
      probe("__copy_from_user_inatomic") {
        $0.inlineGeneric("__copy_from_user_inatomic", "to", false)
      }
    case .probeKernelWrite:
      probe("__copy_to_user_inatomic") {
        $0.inlineGeneric("__copy_to_user_inatomic", "from", false)
      }
    case .copyInUser:
      outcome.undefinedByPatch = true
      nocheckGeneric(name, "access_ok(VERIFY_WRITE, to, n)")
    case .checkOnly: bareCheck()
    }
  }

  private mutating func ranged(
    _ name: String, _ condition: String, _ inner: String, _ pointer: String
  ) {
    guard userRange(name, condition, .long) else { return }
    call(name, inner, pointer: attempt.kernel, attempt.length)
    inlineGeneric(inner, pointer, attempt.isConstant)
  }

  mutating func inlineGeneric(_ name: String, _ pointer: String, _ constant: Bool) {
    let length = attempt.length
    if check(name, "__builtin_constant_p(n)", constant) {
      let wide = word == .bits64
      let short = wide ? [1, 2, 4, 8].contains(length) : [1, 2, 4].contains(length)
      if check(
        name, wide ? "n in {1,2,4,8}" : "n in {1,2,4}", .quantity(length), nil, short)
      {
        return leave(name, .long, move(length))
      }
    }
    switch gates(name, pointer, "n", at: attempt.kernel, length) {
    case .lost: return
    case .refuse: return leave(name, .long, length)
    case .agree: break
    }
    call(name, "memcpy", length)
    leave(name, .long, move(length))
  }

  private mutating func nocheckGeneric(_ name: String, _ condition: String) {
    outcome.undefinedByPatch = true
    guard userRange(name, condition, .long) else { return }
    call(name, "memcpy", attempt.length)
    leave(name, .long, move(attempt.length))
  }
}
