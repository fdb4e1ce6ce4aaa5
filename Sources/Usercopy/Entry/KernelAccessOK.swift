/// `kernel_access_ok()` of RFC v2 and v3, which x86's copy routines call in place of the two gates.
///
/// A size the compiler knows is compared and nothing else; a constant length agrees, and in v3 a
/// length of 0; then come the two checks of RFC v1. Ports other than x86 do not call it.
extension RFCRun {
  /// The call of the helper in `function`, where the patches put one.
  mutating func helperGate(_ function: String, at address: Address, _ length: UInt64)
    -> GateAnswer
  {
    guard let caller = helperCaller(function) else { return .agree }
    // x86-64's __copy_to_user() hands its destination over: the user's pointer, whose size is not known.
    let is64 = kernel.configuration.architecture == .x86_64
    let isUser = is64 && caller == "__copy_to_user"
    let pointer = isUser ? attempt.user : address
    let isInline = caller == attempt.entry.rawValue
    call(caller, "kernel_access_ok", pointer: pointer, length)
    return kernelAccessOK(
      pointer, length, isInline: isInline, known: isUser ? nil : attempt.objectSize)
  }

  /// The routine that calls the helper when `function` runs, nil when none does.
  private func helperCaller(_ function: String) -> String? {
    switch (kernel.configuration.architecture, function) {
    case (.x86_64, "copy_to_user"), (.x86_64, "copy_from_user"), (.x86_64, "__copy_to_user"),
      (.x86_64, "__copy_from_user"), (.x86_32, "copy_from_user"), (.x86_32, "__copy_from_user"),
      (.x86_32, "__copy_to_user"):
      return function
    case (_, EntryPoint.checkOnly.rawValue): return function
    default: return nil
    }
  }

  /// `kernel_access_ok()` and `__kernel_access_ok()`.
  private mutating func kernelAccessOK(
    _ pointer: Address, _ length: UInt64, isInline: Bool, known: UInt64?
  ) -> GateAnswer {
    let function = "kernel_access_ok"
    if isInline, let known {
      let enough = check(
        function, "sz >= len", .quantity(known), .quantity(length), known >= length)
      guard !enough else { return .agree }
      if recording {
        outcome.log.append(helperReport("kernel_access_ok(static)", pointer, length))
      }
      outcome.refusedIn = function
      refuse(by: .objectSize, length)
      return .refuse
    }
    if check(function, "__builtin_constant_p(len)", isInline && attempt.isConstant) {
      return .agree
    }
    if rules.helperSkipsZero,
      check(function, "len == 0", .quantity(length), .quantity(0), length == 0)
    {
      return .agree
    }
    return bothGates("__kernel_access_ok", "ptr", "len", at: pointer, length)
  }

  /// The line a refusal leaves: v2 names the check, v3 the direction.
  func helperReport(_ what: String, _ pointer: Address, _ length: UInt64) -> String {
    let shown = KernelFormat.pointer(pointer, word)
    guard rules.wording == .rfcV3 else {
      return "\(what) failed, ptr = \(shown), length = \(length)"
    }
    return attempt.direction == .toUser
      ? "kernel memory leak attempt detected from \(shown) (\(length) bytes)"
      : "kernel memory overwrite attempt detected to \(shown) (\(length) bytes)"
  }
}
