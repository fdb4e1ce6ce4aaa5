public import KernelHistory

/// One check of hardened usercopy; a table of rules lists them in the order they are made.
public enum HardenedCheck: String, Sendable, Hashable, CaseIterable {
  /// A length of 0 is let pass.
  case zeroLength
  /// The range passes the top of the address space.
  case wrappedAddress
  /// NULL and the pointer `kmalloc(0)` gives.
  case nullAddress
  /// The range crosses an edge of the running task's stack.
  case stackOutline
  /// The range leaves a stack frame.
  case stackFrames
  /// The range starts below the stack pointer.
  case stackDepth
  /// The range leaves a page mapped by `kmap`.
  case kmap
  /// The range leaves its vmalloc area.
  case vmalloc
  /// The range leaves what may be copied of a slab object.
  case slabObject
  /// The range leaves its compound page.
  case pageAlloc
  /// The range lies over several pages that are not one.
  case pageSpan
  /// The range touches the kernel's code.
  case kernelText

  /// Checks that answer for one kind of memory together.
  enum Group { case general, stack, heap }

  var group: Group {
    switch self {
    case .stackOutline, .stackFrames, .stackDepth: .stack
    case .kmap, .vmalloc, .slabObject, .pageAlloc, .pageSpan: .heap
    case .zeroLength, .wrappedAddress, .nullAddress, .kernelText: .general
    }
  }
}

/// What varies in how the checks and their callers work.
public struct HardenedTraits: OptionSet, Sendable, Hashable {
  /// A bit a trait.
  public let rawValue: UInt32
  /// Traits from their bits.
  public init(rawValue: UInt32) { self.rawValue = rawValue }

  /// Slab objects have a window (`useroffset`, `usersize`) that may be copied.
  public static let windows = HardenedTraits(rawValue: 1 << 0)
  /// A boot may ask for warnings instead of refusals outside the window (`usercopy_fallback`).
  public static let fallback = HardenedTraits(rawValue: 1 << 1)
  /// A range may end at the very top of the address space.
  public static let mayEndAtTop = HardenedTraits(rawValue: 1 << 3)
  /// The vmalloc test is left out while page faults are disabled.
  public static let vmallocNeedsFaults = HardenedTraits(rawValue: 1 << 6)
  /// Reports of the stack count from the stack pointer.
  public static let reportsStackOffset = HardenedTraits(rawValue: 1 << 7)
  /// `hardened_usercopy=` is understood.
  public static let bootSwitch = HardenedTraits(rawValue: 1 << 8)
  /// `__copy_*_user_inatomic()` and `probe_kernel_*()` are checked.
  public static let checksInatomic = HardenedTraits(rawValue: 1 << 10)
  /// They are on x86-64, whose forms end in `__copy_*_user_nocheck()` with the check in it; on x86-32 the way out
  /// alone, which is `__copy_to_user()` there.
  public static let checksInatomicOnX86 = HardenedTraits(rawValue: 1 << 11)
  /// `/dev/mem` copies out of a buffer of its own, which is never refused.
  public static let bouncesMemReads = HardenedTraits(rawValue: 1 << 12)
  /// `strncpy_from_user()` is checked.
  public static let checksStrncpy = HardenedTraits(rawValue: 1 << 14)
  /// The lengths of x86-64's `__` forms and of `_copy_*_user()` are `unsigned`: the upper half is lost.
  public static let cutsLengths = HardenedTraits(rawValue: 1 << 15)
  /// So is the length of the raw routine of x86-64, behind the check.
  public static let cutsRawLengths = HardenedTraits(rawValue: 1 << 16)
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
  }

  /// Checks in the order they are made.
  public var checks: [HardenedCheck]
  /// How a report is worded: only that, nothing is decided by it.
  public var wording: Wording
  /// What varies in how the checks work.
  public var traits: HardenedTraits
  /// Longest copy the caller's gate lets through, bytes.
  public var longestCopy: UInt64
  /// Source line of the assertion that kills the task, where known.
  public var bugAt: String?
  /// Source line of SLAB's assertion on the slot number, where known.
  public var slabBugAt: String?

  /// Rules from their parts.
  public init(
    checks: [HardenedCheck], wording: Wording, traits: HardenedTraits,
    longestCopy: UInt64 = .max, bugAt: String? = nil, slabBugAt: String? = nil
  ) {
    self.checks = checks
    self.wording = wording
    self.traits = traits
    self.longestCopy = longestCopy
    self.bugAt = bugAt
    self.slabBugAt = slabBugAt
  }
}

extension HardenedRules {
  /// The rules of a release: what the tables of `KernelHistory` say of it.
  public static func linux(_ release: KernelVersion) -> HardenedRules {
    let holding = traitsByChange.filter { $0.change.holds(in: release) }
    return HardenedRules(
      checks: checks(release),
      wording: UsercopyChange.offsets.holds(in: release) ? .offsets : .pointers,
      traits: holding.reduce(into: []) { $0.formUnion($1.trait) },
      longestCopy: CallerChange.lengthLimit.holds(in: release) ? 0x7fff_ffff : .max,
      bugAt: AssertionLine.mainline(.usercopy, release)?.text,
      slabBugAt: AssertionLine.mainline(.slab, release)?.text)
  }

  private static let traitsByChange: [(change: any Dated, trait: HardenedTraits)] = [
    (UsercopyChange.windows, .windows), (UsercopyChange.fallback, .fallback),
    (UsercopyChange.mayEndAtTop, .mayEndAtTop),
    (UsercopyChange.faultsOnly, .vmallocNeedsFaults),
    (UsercopyChange.stackOffset, .reportsStackOffset),
    (CallerChange.bootSwitch, .bootSwitch), (CallerChange.inatomic, .checksInatomic),
    (CallerChange.inatomicOnX86, .checksInatomicOnX86),
    (CallerChange.memBuffer, .bouncesMemReads), (CallerChange.strncpy, .checksStrncpy),
    (CallerChange.shortLengths, .cutsLengths), (CallerChange.shortRawLengths, .cutsRawLengths),
  ]

  private static func checks(_ release: KernelVersion) -> [HardenedCheck] {
    func since(_ change: UsercopyChange, _ checks: HardenedCheck...) -> [HardenedCheck] {
      change.holds(in: release) ? checks : []
    }
    let stack = [.stackOutline, .stackFrames] + since(.stackDepth, .stackDepth)
    let heap =
      since(.mappings, .kmap, .vmalloc) + [.slabObject] + since(.folios, .pageAlloc)
      + since(.pageSpan, .pageSpan)
    return [.zeroLength, .wrappedAddress, .nullAddress]
      + (UsercopyChange.stackFirst.holds(in: release) ? stack + heap : heap + stack)
      + [.kernelText]
  }
}

extension HardenedRules {
  /// What the checks cannot see by design, a phrase each.
  public var blindSpots: [String] {
    var spots = [
      "freed objects and slots never handed out",
      "padding and other fields inside what may be copied",
      "copies whose length is a constant", "put_user and get_user",
    ]
    if !hasWindows { spots.append("any field of a slab object, secret or not") }
    if !checks.contains(.stackDepth) {
      spots += [
        "frames, where frame pointers are not kept",
        "frames of functions that have returned, where frame pointers are not kept",
      ]
    }
    if checks.contains(.vmalloc) {
      spots += [
        "the guard page, which counts as its vmalloc area",
        "pages handed out singly, whatever their order",
      ]
      if vmallocNeedsFaults { spots.append("vmalloc areas while page faults are disabled") }
    } else {
      spots += [
        "vmalloc areas and module memory", "pages of the page allocator", "stacks of other tasks",
      ]
    }
    if checks.contains(.kmap) { spots.append("mappings of kmap_local_page") }
    if !checks.contains(.kernelText) { spots.append("kernel text") }
    return spots
  }

  /// Slab objects have a window that may be copied.
  public var hasWindows: Bool { traits.contains(.windows) }
  /// A boot may ask for warnings instead of refusals outside the window.
  public var hasFallback: Bool { traits.contains(.fallback) }
  /// The wrap test looks at the byte behind the range, so that a range may not end at the very top.
  public var wrapCountsEnd: Bool { !traits.contains(.mayEndAtTop) }
  /// The vmalloc test is left out while page faults are disabled.
  public var vmallocNeedsFaults: Bool { traits.contains(.vmallocNeedsFaults) }
  /// Reports of the stack count from the stack pointer.
  public var reportsStackOffset: Bool { traits.contains(.reportsStackOffset) }
  /// `hardened_usercopy=` is understood.
  public var hasBootSwitch: Bool { traits.contains(.bootSwitch) }
  /// `__copy_*_user_inatomic()` and `probe_kernel_*()` are checked.
  public var checksInatomic: Bool { traits.contains(.checksInatomic) }
  /// They are on x86-64, and the way out on x86-32.
  public var checksInatomicOnX86: Bool { traits.contains(.checksInatomicOnX86) }
  /// x86-64 loses the upper half of lengths in front of the check, or in front of `access_ok()`.
  public var cutsLengths: Bool { traits.contains(.cutsLengths) }
  /// x86-64 loses it behind the check.
  public var cutsRawLengths: Bool { traits.contains(.cutsRawLengths) }
  /// `/dev/mem` copies out of a buffer of its own, which is never refused.
  public var bouncesMemReads: Bool { traits.contains(.bouncesMemReads) }
  /// `strncpy_from_user()` is checked.
  public var checksStrncpy: Bool { traits.contains(.checksStrncpy) }
}
