/// One check of hardened usercopy; a table of rules lists them in the order they are made.
public enum HardenedCheck: String, Sendable, Hashable, CaseIterable {
  case zeroLength
  case wrappedAddress
  case nullAddress
  case stackOutline
  case stackFrames
  case stackDepth
  case kmap
  case vmalloc
  case slabObject
  case pageAlloc
  case pageSpan
  case kernelText

  /// Checks that answer for one kind of memory together.
  enum Group { case general, stack, heap }

  var group: Group {
    switch self {
    case .stackOutline, .stackFrames, .stackDepth: .stack
    case .kmap, .vmalloc, .slabObject, .pageAlloc, .pageSpan: .heap
    default: .general
    }
  }
}

/// The rules of one release of hardened usercopy: checks in order, a reaction, a wording.
///
/// Models `__check_object_size()` of mm/usercopy.c, what it calls in mm/slub.c and mm/slab.c, and
/// `check_copy_size()` in front of it.
public struct HardenedRules: Sendable, Hashable {
  /// How a report is worded.
  public enum Wording: Sendable, Hashable {
    /// `kernel memory exposure attempt detected from %p (name) (%lu bytes)`, 4.8 to 4.15.
    case pointers
    /// `Kernel memory exposure attempt detected from NAME 'detail' (offset %lu, size %lu)!`.
    case offsets
    /// PaX's own line.
    case pax
  }

  /// Checks in the order they are made.
  public var checks: [HardenedCheck]
  /// What a refusal does to the task.
  public var consequence: Consequence
  public var wording: Wording
  /// The wrap test looks at the byte behind the range, so that a range may not end at the very top.
  public var wrapCountsEnd: Bool
  /// Slab objects have a window (`useroffset`, `usersize`) that may be copied.
  public var hasWindows: Bool
  /// A boot may ask for warnings instead of refusals outside the window (`usercopy_fallback`).
  public var hasFallback: Bool
  /// PaX: a cache needs `SLAB_USERCOPY`.
  public var needsUsercopyFlag: Bool
  /// The vmalloc test is left out while page faults are disabled.
  public var vmallocNeedsFaults: Bool
  /// Reports of the stack count from the stack pointer.
  public var reportsStackOffset: Bool
  /// `hardened_usercopy=` is understood.
  public var hasBootSwitch: Bool
  /// The check is built for SLOB too; elsewhere it hangs on what SLAB and SLUB provide
  /// (`HAVE_HARDENED_USERCOPY_ALLOCATOR`).
  public var coversSLOB: Bool
  /// Longest copy the caller's gate lets through, bytes.
  public var longestCopy: UInt64
  /// `__copy_*_user_inatomic()` and `probe_kernel_*()` are checked.
  public var checksInatomic: Bool
  /// They are on x86-64, whose forms end in `__copy_*_user_nocheck()` with the check in it.
  public var checksInatomicOnX86_64: Bool
  /// `/dev/mem` and `/dev/kmem` copy out of a buffer of their own, which is never refused.
  public var bouncesMemReads: Bool
  public var bouncesKmemReads: Bool
  /// `strncpy_from_user()` is checked.
  public var checksStrncpy: Bool
  /// Source line of the assertion that kills the task, where known.
  public var bugAt: String?
  /// Source line of SLAB's assertion on the slot number, where known.
  public var slabBugAt: String?

  public init(
    checks: [HardenedCheck], consequence: Consequence = .oops, wording: Wording,
    wrapCountsEnd: Bool = false, hasWindows: Bool = false, hasFallback: Bool = false,
    needsUsercopyFlag: Bool = false, vmallocNeedsFaults: Bool = false,
    reportsStackOffset: Bool = false, hasBootSwitch: Bool = false, coversSLOB: Bool = false,
    longestCopy: UInt64 = .max,
    checksInatomic: Bool = false, checksInatomicOnX86_64: Bool = false,
    bouncesMemReads: Bool = true,
    bouncesKmemReads: Bool = true, checksStrncpy: Bool = false, bugAt: String? = nil,
    slabBugAt: String? = nil
  ) {
    self.checks = checks
    self.consequence = consequence
    self.wording = wording
    self.wrapCountsEnd = wrapCountsEnd
    self.hasWindows = hasWindows
    self.hasFallback = hasFallback
    self.needsUsercopyFlag = needsUsercopyFlag
    self.vmallocNeedsFaults = vmallocNeedsFaults
    self.reportsStackOffset = reportsStackOffset
    self.hasBootSwitch = hasBootSwitch
    self.coversSLOB = coversSLOB
    self.longestCopy = longestCopy
    self.checksInatomic = checksInatomic
    self.checksInatomicOnX86_64 = checksInatomicOnX86_64
    self.bouncesMemReads = bouncesMemReads
    self.bouncesKmemReads = bouncesKmemReads
    self.checksStrncpy = checksStrncpy
    self.bugAt = bugAt
    self.slabBugAt = slabBugAt
  }
}
