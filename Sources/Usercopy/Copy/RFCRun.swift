/// A copy being judged: the entry point's code walks through it and leaves the outcome behind.
struct RFCRun: TracedRun {
  let kernel: Kernel
  let rules: RFCRules
  var outcome: CopyOutcome
  /// Whether trace steps are kept.
  let recording: Bool
  /// Kernel-side zeroing or moving that the raw routines did, applied by `Kernel.copy`.
  var moved: UInt64 = 0

  init(kernel: Kernel, rules: RFCRules, attempt: CopyAttempt, era: String, recording: Bool) {
    self.kernel = kernel
    self.rules = rules
    self.recording = recording
    outcome = CopyOutcome(attempt: attempt, era: era)
  }

  /// What becomes of another copy.
  mutating func ruling(_ attempt: CopyAttempt) -> Judge.Ruling {
    outcome = CopyOutcome(attempt: attempt, era: outcome.era)
    moved = 0
    judge()
    return Judge.Ruling(outcome)
  }

  /// Walks through the entry point as the machine's architecture has it.
  mutating func judge() {
    switch kernel.configuration.architecture {
    case .x86_64: x86_64()
    case .x86_32: x86_32()
    case .generic: generic()
    }
  }
}

/// What a gate said of a copy.
enum GateAnswer {
  case agree
  case refuse
  /// The task never came back from the gate.
  case lost
}

extension RFCRun {
  /// The gates where the patch at hand puts them.
  mutating func gates(
    _ function: String, _ pointer: String, _ length: String, at address: Address, _ count: UInt64
  ) -> GateAnswer {
    rules.usesHelper
      ? helperGate(function, at: address, count)
      : bothGates(function, pointer, length, at: address, count)
  }

  /// `if (!slab_access_ok(p, n) || !stack_access_ok(p, n))`, spelled with the caller's names.
  mutating func bothGates(
    _ function: String, _ pointer: String, _ length: String, at address: Address, _ count: UInt64
  ) -> GateAnswer {
    if kernel.configuration.allocator != .slob {
      call(function, "slab_access_ok", pointer: address, count)
      if recording { outcome.gates.append("slab") }
      switch slabAccessOK(address, count) {
      case .lost: return .lost
      case .refuse:
        check(function, "!slab_access_ok(\(pointer), \(length))", true)
        refuse(by: .slab, count)
        return .refuse
      case .agree: check(function, "!slab_access_ok(\(pointer), \(length))", false)
      }
    }
    call(function, "stack_access_ok", pointer: address, count)
    if recording { outcome.gates.append("stack") }
    switch stackAccessOK(address, count) {
    case .lost: return .lost
    case .refuse:
      check(function, "!stack_access_ok(\(pointer), \(length))", true)
      refuse(by: .stack, count)
      return .refuse
    case .agree:
      check(function, "!stack_access_ok(\(pointer), \(length))", false)
      return .agree
    }
  }

  mutating func refuse(by refuser: Refuser, _ length: UInt64) {
    outcome.verdict = .deny
    outcome.refuser = refuser
    outcome.effectiveLength = length
    outcome.consequence = .returnCount
  }

  /// The innermost routine moves `length` bytes as far as both sides can be touched.
  ///
  /// Returns the bytes left over.
  mutating func move(_ length: UInt64) -> UInt64 {
    outcome.effectiveLength = length
    if kernel.neverFaults {
      outcome.copied = length
      return 0
    }
    let writing = attempt.direction == .fromUser
    let user = kernel.memory.accessible(from: attempt.user, upTo: length, writing: !writing)
    let there = kernel.memory.accessible(from: attempt.kernel, upTo: length, writing: writing)
    outcome.copied = min(user, there)
    if there < min(user, length), attempt.direction != .userToUser {
      outcome.aftermath = "BUG: unable to handle page fault"
    }
    if writing, user < there, clearsTail {
      outcome.sideEffects.append(.zeroedTail(from: user, length: there - user))
    }
    return length - outcome.copied
  }

  /// `copy_user_handle_tail()` and `__copy_user_zeroing()`: what the user's side did not give becomes zeros, but
  /// for the forms that are told not to.
  private var clearsTail: Bool {
    if attempt.entry.valueSizes != nil || attempt.entry == .copyFromUserInatomicNocache {
      return false
    }
    return switch kernel.configuration.architecture {
    case .x86_64: true
    case .x86_32: attempt.entry != .copyFromUserInatomic && attempt.entry != .probeKernelRead
    case .generic: false
    }
  }

  /// Leaves the entry point with the count of bytes not copied.
  mutating func leave(_ function: String, _ type: ReturnType, _ left: UInt64) {
    note(function, .leave(.quantity(left)))
    outcome.returned = type.value(left, word)
    outcome.notCopied = type == .int ? left & 0xffff_ffff : left
  }
}

/// C return types of the copy functions.
enum ReturnType: String {
  case int
  case long
  case unsignedLong = "unsigned long"
  case ssize = "ssize_t"

  func value(_ bits: UInt64, _ word: WordSize) -> ReturnValue {
    switch self {
    case .int:
      ReturnValue(
        type: rawValue, value: Int64(Int32(truncatingIfNeeded: bits)), isUnsigned: false)
    case .long, .ssize:
      ReturnValue(type: rawValue, value: word.signed(bits), isUnsigned: false)
    case .unsignedLong:
      ReturnValue(type: rawValue, value: Int64(bitPattern: word.wrap(bits)), isUnsigned: true)
    }
  }
}
