import KernelHistory

/// The copy routines since 4.8 (include/linux/uaccess.h, include/linux/thread_info.h, lib/).
extension HardenedRun {
  /// Runs the entry point.
  mutating func enter(_ kernel: Kernel) {
    let name = attempt.entry.rawValue
    switch attempt.entry {
    case .copyToUser, .copyFromUser, .copyFromUserOutOfLine, .copyStructFromUser:
      checkedCopy(kernel, name)
    case .copyOldmemPage: wrapped(kernel, name, checked: true)
    case .writeMem, .doWriteKmem: wrapped(kernel, name, checked: true)
    case .readMem: wrapped(kernel, name, checked: !rules.bouncesMemReads)
    case .readKmem: wrapped(kernel, name, checked: true)
    case .copyToUserUnchecked, .copyFromUserUnchecked: plainCopy(kernel, name, checked: true)
    case .copyToUserInatomic, .copyFromUserInatomic:
      plainCopy(kernel, name, checked: checksInatomic(kernel))
    case .probeKernelRead, .probeKernelWrite: probe(kernel, name)
    case .copyFromUserNocache, .copyFromUserInatomicNocache, .copyToUserNocheck,
      .copyFromUserNocheck:
      plainCopy(kernel, name, checked: false)
    case .strncpyFromUser, .strncpyFromUserUnchecked: strncpy(kernel, name)
    case .copyInUser, .clearUser, .clearUserUnchecked, .userAccessBegin, .userAccessEnd:
      userOnly(kernel, name)
    case .getUser, .putUser, .getUserUnchecked, .putUserUnchecked, .unsafePutUser, .unsafeGetUser:
      valueTransfer(kernel, name)
    case .checkOnly:
      outcome.isCheckOnly = true
      _ = objectOK(kernel, name)
    }
  }

  /// `copy_to_user()` and `copy_from_user()`: `check_copy_size()`, `access_ok()`, the copy.
  private mutating func checkedCopy(_ kernel: Kernel, _ name: String) {
    guard copySizeOK(), objectOK(kernel, name) else { return leaveRefused(name) }
    cut(kernel, "_" + name, "n")
    guard userRangeOK(kernel, name) else { return badUserRange(kernel, name) }
    move(kernel, name)
  }

  /// x86-64 until 4.12: the parameter is `unsigned`.
  private mutating func cut(_ kernel: Kernel, _ function: String, _ parameter: String) {
    guard rules.cutsLengths, kernel.configuration.architecture == .x86_64 else { return }
    length = shortened(function, parameter)
  }

  /// The length as an `unsigned` parameter holds it.
  private mutating func shortened(_ function: String, _ parameter: String) -> UInt64 {
    let cut = length & 0xffff_ffff
    if cut != length {
      note(function, .assign(parameter, .quantity(cut), truncatedFrom: length))
      outcome.effectiveLength = cut
    }
    return cut
  }

  /// The `__` forms: the caller has asked `access_ok()` itself.
  private mutating func plainCopy(_ kernel: Kernel, _ name: String, checked: Bool) {
    cut(kernel, name, "size")
    if checked, !objectOK(kernel, name) { return leaveRefused(name) }
    move(kernel, name)
  }

  /// `check_copy_size()`: the size the compiler knows, then `INT_MAX` (since 5.5).
  private mutating func copySizeOK() -> Bool {
    let function = "check_copy_size"
    if let known = attempt.objectSize,
      check(function, "sz < bytes", .quantity(known), .quantity(length), known < length)
    {
      outcome.verdict = .deny
      outcome.refuser = .compileTimeObjectSize
      outcome.refusedIn = function
      outcome.consequence = .returnCount
      if recording {
        let text = "Buffer overflow detected (\(known) < \(length))!"
        outcome.warnings.append(text)
        outcome.aftermath = text
      }
      return false
    }
    guard rules.longestCopy < .max else { return true }
    let limit = rules.longestCopy
    if check(function, "bytes > INT_MAX", .quantity(length), .quantity(limit), length > limit) {
      outcome.verdict = .deny
      outcome.refuser = .lengthOverIntMax
      outcome.refusedIn = function
      outcome.consequence = .returnCount
      return false
    }
    return true
  }

  /// `check_object_size()`: skipped for constant lengths, without the check built in (with SLOB,
  /// as it hangs on what SLAB and SLUB provide) and with `hardened_usercopy=off`.
  private mutating func objectOK(_ kernel: Kernel, _ name: String) -> Bool {
    let constant = attempt.isConstant && attempt.entry != .checkOnly
    if check("check_object_size", "__builtin_constant_p(n)", nil, nil, constant) { return true }
    guard kernel.configuration.allocator != .slob else { return true }
    // Where the machine's own release has no switch, one without checks was built so.
    let isSwitched = CallerChange.bootSwitch.holds(in: kernel.configuration.release)
    guard isSwitched || kernel.configuration.hardenedUsercopy else { return true }
    if rules.hasBootSwitch,
      check(
        "__check_object_size", "bypass_usercopy_checks", nil, nil,
        !kernel.configuration.hardenedUsercopy)
    {
      return true
    }
    if recording { outcome.gates.append("check_object_size") }
    let answer = checkObject(kernel)
    if answer == .agree { note("__check_object_size", .leave(.truth(true))) }
    return answer == .agree
  }

  /// `access_ok()`; a bad range is refused, and the caller goes on with the count.
  private mutating func userRangeOK(_ kernel: Kernel, _ name: String) -> Bool {
    let isGood = kernel.userRangeOK(attempt, length)
    if check(name, "access_ok(user range)", nil, nil, isGood) { return true }
    refuseRange(name)
    return false
  }

  private mutating func refuseRange(_ name: String) {
    outcome.verdict = .deny
    outcome.refuser = .accessOK
    outcome.refusedIn = name
    outcome.consequence = .returnCount
  }

  /// After a refusal: gates of the caller return the whole length, dead tasks nothing.
  private mutating func leaveRefused(_ name: String) {
    guard outcome.consequence == .returnCount else { return }
    leave(name, left: length)
  }

  /// A user range `access_ok()` will not have: nothing moves, and the way in zeroes the buffer.
  private mutating func badUserRange(_ kernel: Kernel, _ name: String) {
    if attempt.direction == .fromUser {
      let there = kernel.writable(from: pointer, upTo: length)
      zeroTail(from: 0, to: there)
      guard there == length else { return oops() }
    }
    leave(name, left: length)
  }

  private mutating func leave(_ name: String, left: UInt64) {
    note(name, .leave(.quantity(left)))
    outcome.notCopied = left
    outcome.returned = ReturnType.unsignedLong.value(left, word)
  }

  /// The innermost routine, which takes an `unsigned` on x86-64 until 6.3: 4 GiB and 64 bytes are 64, of which
  /// the caller hears that all were copied.
  private mutating func move(_ kernel: Kernel, _ name: String) {
    var size = length
    if rules.cutsRawLengths, kernel.configuration.architecture == .x86_64 {
      size = shortened("copy_user_generic", "len")
    }
    let done = kernel.rawCopy(attempt, size)
    outcome.copied = done.moved
    let left = size - done.moved
    if attempt.direction == .fromUser, left > 0 {
      if size == length {
        zeroTail(from: done.moved, to: done.writable)
      } else if clearEnd(kernel, left) {
        return oops()
      }
      if done.isOops { return oops() }
    }
    leave(name, left: left)
  }

  /// `memset(to + (n - res), 0, res)` with the whole length, not the one that was moved. True when that faults.
  private mutating func clearEnd(_ kernel: Kernel, _ left: UInt64) -> Bool {
    let start = length - left
    let there = kernel.writable(from: word.add(pointer, start), upTo: left)
    zeroTail(from: start, to: start + there)
    return there < left
  }

  private mutating func oops() {
    outcome.aftermath = "BUG: unable to handle page fault"
    outcome.consequence = .oops
  }

  /// `_copy_from_user()` leaves no byte of the kernel buffer uninitialised.
  private mutating func zeroTail(from start: UInt64, to end: UInt64) {
    guard start < end else { return }
    outcome.sideEffects.append(.zeroedTail(from: start, length: end - start))
  }

  private func checksInatomic(_ kernel: Kernel) -> Bool {
    if rules.checksInatomic { return true }
    return switch kernel.configuration.architecture {
    case .x86_64: rules.checksInatomicOnX86
    case .x86_32: rules.checksInatomicOnX86 && attempt.direction == .toUser
    case .generic: false
    }
  }

  /// `/dev/mem` and `/dev/kmem`: writes are copied straight in, reads as the era has it.
  private mutating func wrapped(_ kernel: Kernel, _ name: String, checked: Bool) {
    let inner = attempt.direction == .fromUser ? "copy_from_user" : "copy_to_user"
    if checked {
      checkedCopy(kernel, inner)
    } else if userRangeOK(kernel, name) {
      move(kernel, name)
    } else {
      leave(name, left: length)
    }
    guard !outcome.isFatal else { return }
    outcome.returned = ReturnValue(
      type: "ssize_t", value: outcome.deviceResult(of: length, word), isUnsigned: false)
    outcome.notCopied = nil
  }

  private mutating func probe(_ kernel: Kernel, _ name: String) {
    plainCopy(kernel, name, checked: checksInatomic(kernel))
    guard outcome.verdict != .bug, outcome.verdict != .hang else { return }
    let failed = outcome.notCopied != 0
    outcome.notCopied = nil
    outcome.returned = ReturnValue(type: "long", value: failed ? -14 : 0, isUnsigned: false)
  }

  /// `strncpy_from_user()` (lib/strncpy_from_user.c): checks the whole count before it copies.
  private mutating func strncpy(_ kernel: Kernel, _ name: String) {
    let accessible = attempt.userAccessOK ?? (attempt.user < kernel.layout.userTop)
    guard check(name, "src_addr < max_addr", nil, nil, accessible) else {
      refuseRange(name)
      note(name, .leave(.signed(-14)))
      outcome.returned = ReturnValue(type: "long", value: -14, isUnsigned: false)
      return
    }
    if rules.checksStrncpy, !objectOK(kernel, name) { return }
    if let end = outcome.take(kernel.stringCopy(attempt, length), word) { note(name, end) }
  }

  /// No kernel buffer is involved.
  private mutating func userOnly(_ kernel: Kernel, _ name: String) {
    let checksRange = attempt.entry == .clearUser || attempt.entry == .copyInUser
    if checksRange, !userRangeOK(kernel, name) { return leave(name, left: length) }
    let done = kernel.userOnly(attempt, length)
    if !attempt.entry.clears { outcome.copied = done }
    leave(name, left: length - done)
  }

  /// `get_user()` and `put_user()` move one value and check nothing in the kernel.
  private mutating func valueTransfer(_ kernel: Kernel, _ name: String) {
    let checksRange = attempt.entry == .getUser || attempt.entry == .putUser
    if checksRange, !userRangeOK(kernel, name) {
      outcome.returned = ReturnValue(type: "int", value: -14, isUnsigned: false)
      return
    }
    move(kernel, name)
    outcome.notCopied = nil
    let failed = outcome.copied != length
    outcome.returned = ReturnValue(type: "int", value: failed ? -14 : 0, isUnsigned: false)
  }
}
