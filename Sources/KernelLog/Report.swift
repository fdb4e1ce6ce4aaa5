public import KernelHistory

/// Which way the refused copy went, seen from the kernel.
public enum CopyDirection: String, Sendable, Equatable, CaseIterable {
  /// Kernel memory would have reached user space ("exposure", "leak").
  case toUser = "to_user"
  /// User data would have reached kernel memory ("overwrite").
  case fromUser = "from_user"
}

/// One usercopy report found in a kernel log.
///
/// Fields a report of its era does not print, or that were cut off, are nil.
public struct Report: Sendable, Equatable {
  /// How it is worded, which tells the generation of the check.
  public var wording: Wording
  /// The report was cut off.
  public var isTruncated: Bool
  /// Which way the copy went; nil for RFC v1 and v2, which do not say.
  public var direction: CopyDirection?
  /// What the copy touched, in the kernel's words ("SLUB object", "process stack", "vmalloc");
  /// "heap object" where an early report names a cache, "unknown" where it names nothing.
  public var object: String?
  /// Name of the slab cache.
  public var cache: String?
  /// What a report adds in quotes to something that is no slab object ("no area").
  public var detail: String?
  /// Kernel address as printed: hexadecimal digits, or a placeholder such as "(ptrval)".
  public var address: String?
  /// Distance of the copy's first byte from the start of the object, in bytes.
  public var offset: UInt64?
  /// Length of the copy in bytes, as the kernel printed it (unsigned).
  public var size: UInt64?
  /// Whether everything the kernel prints was there.
  public var complete: Bool
  /// The line, or the lines a mailer made of it, as found (joined by a newline).
  public var line: String
  /// Number of the first of those lines in the input, from 1.
  public var lineNumber: Int
  /// Distance of the first of those lines from the start of the input, in bytes.
  public var byteOffset: Int
  /// What followed in the log: the assertion, the release and the call trace.
  public var aftermath: Aftermath
  /// Narrower generations that fit, best supported first, each with the reason.
  public var eraGuesses: [EraGuess]
  /// What pages of the kernel that logged it tell of the cache; nil without them.
  public var pages: CacheFacts?

  /// Makes a report from its fields.
  public init(
    wording: Wording, isTruncated: Bool = false, direction: CopyDirection? = nil,
    object: String? = nil, cache: String? = nil,
    detail: String? = nil, address: String? = nil, offset: UInt64? = nil, size: UInt64? = nil,
    complete: Bool, line: String, lineNumber: Int = 1, byteOffset: Int = 0,
    aftermath: Aftermath = Aftermath(), eraGuesses: [EraGuess] = []
  ) {
    self.wording = wording
    self.isTruncated = isTruncated
    self.direction = direction
    self.object = object
    self.cache = cache
    self.detail = detail
    self.address = address
    self.offset = offset
    self.size = size
    self.complete = complete
    self.line = line
    self.lineNumber = lineNumber
    self.byteOffset = byteOffset
    self.aftermath = aftermath
    self.eraGuesses = eraGuesses
  }
}

extension Report {
  /// The wording in a word, with " (truncated)" behind it when the report was cut off.
  public var era: String { wording.name + (isTruncated ? " (truncated)" : "") }

  /// The kernel only warned, and let the copy pass (`usercopy_warn()`).
  public var isWarning: Bool {
    wording == .whitelistWarning || wording == .assertion && aftermath.isWarning
  }

  /// What the copy touched, where it is one of the kernel's own words.
  public var known: ReportedObject? { object.flatMap(ReportedObject.init) }
}

extension Report {
  /// Bits of a word: by the architecture, else by the digits of an address; nil where neither tells.
  public var wordBits: Int? {
    if let machine = aftermath.machine { return machine.wordBits }
    guard let address, address.utf8.allSatisfy({ Digits.hex($0) != nil }) else { return nil }
    switch address.utf8.count {
    case 8: return 32
    // A hashed pointer has sixteen digits too.
    case 16: return address.hasPrefix("00000000") ? nil : 64
    default: return nil
    }
  }

  /// How far below the stack pointer a refused range starts, negative for above; since 5.18 stack reports say so.
  /// Nil where a report says nothing of the kind.
  public var stackDistance: Int64? {
    guard known == .processStack, let offset, offset != 0 else { return nil }
    return isStackOf32Bit ? Int64(Int32(truncatingIfNeeded: offset)) : Int64(bitPattern: offset)
  }

  /// The distance wrapped at 2^32: a little above the stack pointer of a 32-bit kernel, whose stacks are no larger.
  public var isStackOf32Bit: Bool {
    guard known == .processStack, let offset else { return false }
    return offset < 1 << 32 && offset >= 1 << 32 - 16_384
  }
}
