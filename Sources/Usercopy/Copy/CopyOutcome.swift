/// What became of a copy.
public enum Verdict: String, Sendable, Hashable, CaseIterable {
  case allow
  case deny
  /// An assertion of the allocator killed the task.
  case bug
  /// The check never ends.
  case hang
}

/// What happens to the task whose copy was refused.
public enum Consequence: String, Sendable, Hashable {
  case none
  /// The caller gets the count of bytes not copied and goes on.
  case returnCount = "return"
  case oops
  case livelock
  case sigkill
}

/// Who or what stopped a copy.
public enum Refuser: String, Sendable, Hashable, CaseIterable {
  case slab
  case stack
  /// Everything hardened usercopy looks at.
  case hardenedUsercopy = "hardened-usercopy"
  /// Everything PaX looks at.
  case paxUsercopy = "pax-usercopy"
  case accessOK = "access_ok"
  case objectSize = "object_size"
  case compileTimeObjectSize = "compile-time-object-size"
  case lengthOverIntMax = "length-over-int-max"
  /// Behind what the kernel knows of a program's structure stands something else than zeros.
  case trailingBytes = "trailing-bytes"
  /// The processor: user memory was touched outside of the window that is opened for it.
  case smap
  case allocatorBugOn = "allocator-bug-on"

  /// It looks at the user's side, and says nothing of the kernel's.
  public var looksAtUser: Bool { self == .accessOK || self == .trailingBytes || self == .smap }
}

/// The value a copy function returned, with its C type.
public struct ReturnValue: Sendable, Hashable {
  /// The C type.
  public var type: String
  /// The value.
  public var value: Int64
  /// The type is unsigned: read `value` as a bit pattern.
  public var isUnsigned: Bool

  /// A value of a C type.
  public init(type: String, value: Int64, isUnsigned: Bool) {
    self.type = type
    self.value = value
    self.isUnsigned = isUnsigned
  }
}

/// A side effect beside the copy itself.
public enum SideEffect: Sendable, Hashable {
  /// The kernel buffer was filled with zeros after a bad user range.
  case zeroedKernel(length: UInt64)
  /// The part of the kernel buffer that user memory did not fill was filled with zeros.
  case zeroedTail(from: UInt64, length: UInt64)
}

/// A range of kernel bytes.
public struct ByteRange: Sendable, Hashable {
  /// First byte.
  public var start: Address
  /// Bytes.
  public var length: UInt64

  /// `length` bytes from `start` on.
  public init(start: Address, length: UInt64) {
    self.start = start
    self.length = length
  }
}

/// Everything a copy did: the verdict, why, and what moved.
public struct CopyOutcome: Sendable, Hashable {
  /// The copy that was judged.
  public var attempt: CopyAttempt
  /// Name of the rules it was judged by.
  public var era: String
  /// They give slab objects a window that may be copied.
  public var hasWindows = false
  /// What became of it.
  public var verdict: Verdict = .allow
  /// Who stopped it; nil for nobody.
  public var refuser: Refuser?
  /// The kernel function whose test refused, such as `__check_heap_object`.
  public var refusedIn: String?
  /// What happens to the task.
  public var consequence: Consequence = .none
  /// Bytes the return value says were not copied; nil where it says nothing of the kind.
  public var notCopied: UInt64?
  /// Bytes moved.
  public var copied: UInt64 = 0
  /// Bytes of the kernel's buffer that the routine is meant to fill with zeros, behind those it copies.
  public var filled: UInt64 = 0
  /// What the function returned; nil where it does not come back.
  public var returned: ReturnValue?
  /// Gates entered, in order.
  public var gates: [String] = []
  /// What `slab_access_ok()` answered; nil where it was not asked.
  public var slabAccessOK: Bool?
  /// What `stack_access_ok()` answered; nil where it was not asked.
  public var stackAccessOK: Bool?
  /// Lines for the kernel log, without level and time.
  public var log: [String] = []
  /// WARN texts.
  public var warnings: [String] = []
  /// The once-per-boot warning about a missing window was printed.
  public var usedUpWarning = false
  /// What it did beside the copy, in order.
  public var sideEffects: [SideEffect] = []
  /// Source line of the assertion that ended the task, where the kernel is known.
  public var bugAt: String?
  /// The function is used by the RFC on this port, but defined nowhere: a literal build fails.
  public var undefinedByPatch = false
  /// RFC v2 on x86-32 as mailed does not do what it means: `#undef copy_to_user_uncheched` leaves
  /// `copy_to_user_unchecked` a macro for `copy_to_user`.
  public var isMisspelt = false
  /// The steps of the code that judged it, in order; empty where none were kept.
  public var trace: [TraceStep] = []
  /// Length the innermost routine was asked to move, after truncation.
  public var effectiveLength: UInt64
  /// The check is only asked, nothing moves.
  public var isCheckOnly = false
  /// Something the kernel logged because the allowed copy went wrong.
  public var aftermath: String?

  /// The outcome before anything was asked: allowed, nothing moved.
  public init(attempt: CopyAttempt, era: String) {
    self.attempt = attempt
    self.era = era
    effectiveLength = attempt.length
  }

  /// The task does not survive.
  public var isFatal: Bool {
    consequence == .oops || consequence == .sigkill || consequence == .livelock
  }

  /// Bytes an allowed copy hands over: those moved, or those that a bare check was asked about.
  public var handedOver: UInt64 { isCheckOnly ? effectiveLength : copied }

  /// Bytes written, moved or cleared.
  public var written: UInt64 {
    sideEffects.reduce(isCheckOnly ? 0 : copied) { sum, effect in
      switch effect {
      case .zeroedKernel(let length), .zeroedTail(_, let length):
        sum > .max - length ? .max : sum + length
      }
    }
  }

  /// The kernel bytes the copy asked for, truncation done.
  public var range: ByteRange { ByteRange(start: attempt.kernel, length: effectiveLength) }
}

extension CopyOutcome {
  /// Bytes that were asked for and let pass, but not moved: an end of the copy was bad. What lies behind a
  /// string's end was not asked for.
  public var leftOver: UInt64 {
    guard verdict == .allow, !isCheckOnly else { return 0 }
    if attempt.entry.clears { return min(notCopied ?? 0, effectiveLength) }
    if attempt.entry.endsWithString, (returned?.value ?? 0) >= 0, consequence != .oops { return 0 }
    let asked = effectiveLength - min(filled, effectiveLength)
    return asked - min(copied, asked)
  }

  /// No check refused, but bytes that were asked for did not move: an end of the copy was bad.
  public var isCutShort: Bool { leftOver > 0 }

  /// What `/dev/mem` and its kin hand back: the length when all was copied; of a write what was written before
  /// it fell short; else -EFAULT.
  func deviceResult(of length: UInt64, _ word: WordSize) -> Int64 {
    if notCopied == 0 { return word.signed(length) }
    let isWrite = attempt.entry == .writeMem || attempt.entry == .doWriteKmem
    return isWrite && copied > 0 ? word.signed(copied) : -14
  }

  /// No check refused, but an end of the copy was bad, so that not a byte was moved.
  public var movedNothing: Bool {
    isCutShort && copied == 0 && !attempt.entry.clears
  }
}
