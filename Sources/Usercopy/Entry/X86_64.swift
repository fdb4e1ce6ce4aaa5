/// The copy routines of x86-64 as RFC v1 leaves them (uaccess_64.h, usercopy_64.c).
///
/// Gates come before `access_ok()` and before the constant-size switch. All but
/// `copy_from_user()` take 32-bit sizes and return `int`.
extension RFCRun {
  mutating func x86_64() {
    let name = attempt.entry.rawValue
    switch attempt.entry {
    case .copyFromUser, .copyFromUserNocheck: copyFromUser64(name)
    case .copyStructFromUser: copyFromUser64(EntryPoint.copyFromUser.rawValue)
    case .copyToUser: checked64(name, "src", into: "_copy_to_user")
    case .copyToUserNocheck: copyToUserNocheck64()
    case .copyFromUserUnchecked, .copyFromUserInatomic: checked64(name, "dst")
    case .copyToUserUnchecked, .copyToUserInatomic: checked64(name, "src")
    case .copyFromUserNocache, .copyFromUserInatomicNocache:
      let size = truncate(name, "size", attempt.length)
      call(name, "__copy_user_nocache", size)
      leave(name, .int, move(size))
    case .copyInUser: copyInUser64()
    case .strncpyFromUser: strncpyFromUser()
    case .strncpyFromUserUnchecked: strncpyUnchecked("__do_strncpy_from_user", gated: true)
    case .clearUser, .clearUserUnchecked, .userAccessBegin, .userAccessEnd:
      clearUser("__clear_user")
    case .getUser, .putUser: valueTransfer(checksRange: true, through: nil)
    case .getUserUnchecked, .putUserUnchecked, .unsafePutUser, .unsafeGetUser:
      valueTransfer(checksRange: false, through: nil)
    case .copyOldmemPage where rules.usesHelper:
      wrapper("copy_to_user") { $0.checked64("copy_to_user", "src", into: "_copy_to_user") }
    case .readMem, .readKmem, .copyOldmemPage:
      wrapper("copy_to_user_nocheck") { $0.copyToUserNocheck64() }
    case .writeMem, .doWriteKmem:
      wrapper("copy_from_user_nocheck") { $0.copyFromUser64("copy_from_user_nocheck") }
    case .probeKernelRead:
      probe("__copy_from_user_inatomic") { $0.checked64("__copy_from_user_inatomic", "dst") }
    case .probeKernelWrite:
      probe("__copy_to_user_inatomic") { $0.checked64("__copy_to_user_inatomic", "src") }
    case .copyFromUserOutOfLine: copyFromUser64(EntryPoint.copyFromUserNocheck.rawValue)
    case .checkOnly: bareCheck()
    }
  }

  private mutating func copyFromUser64(_ name: String) {
    let length = attempt.length
    guard compileTimeSizeOK(name, length) else {
      if kernel.configuration.debugVM { outcome.warnings.append("Buffer overflow detected!") }
      refuse(by: .objectSize, length)
      return leave(name, .unsignedLong, length)
    }
    if name == EntryPoint.copyFromUser.rawValue {
      switch gates(name, "to", "n", at: attempt.kernel, length) {
      case .lost: return
      case .refuse: return leave(name, .unsignedLong, length)
      case .agree: break
      }
    }
    let size = length & 0xffff_ffff
    call(name, "_copy_from_user", size)
    guard check("_copy_from_user", "access_ok(user range)", userRangeOK(size)) else {
      return zeroAndLeave(name, .unsignedLong, size)
    }
    leave(name, .unsignedLong, move(size))
  }

  private mutating func checked64(_ name: String, _ pointer: String, into raw: String? = nil) {
    let size = truncate(name, "size", attempt.length)
    switch gates(name, pointer, "size", at: attempt.kernel, size) {
    case .lost: return
    case .refuse: return leave(name, .int, size)
    case .agree: break
    }
    if let raw { return outOfLineToUser(name, raw, size) }
    call(name, "copy_user_generic", size)
    leave(name, .int, move(size))
  }

  private mutating func copyToUserNocheck64() {
    let name = EntryPoint.copyToUserNocheck.rawValue
    outOfLineToUser(name, "_copy_to_user", truncate(name, "size", attempt.length))
  }

  private mutating func outOfLineToUser(_ name: String, _ raw: String, _ size: UInt64) {
    call(name, raw, size)
    guard check(raw, "access_ok(user range)", userRangeOK(size)) else {
      refuse(by: .accessOK, size)
      return leave(name, .int, size)
    }
    leave(name, .int, move(size))
  }

  private mutating func copyInUser64() {
    let name = attempt.entry.rawValue
    let size = truncate(name, "len", attempt.length)
    let text = "access_ok(VERIFY_WRITE, to, len) && access_ok(VERIFY_READ, from, len)"
    guard check(name, text, userRangeOK(size)) else {
      refuse(by: .accessOK, size)
      return leave(name, .unsignedLong, size)
    }
    call(name, "copy_user_generic", size)
    leave(name, .unsignedLong, move(size))
  }
}
