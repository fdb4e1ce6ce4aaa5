/// A change to hardened usercopy and the release it came with.
public struct HardenedChange: Sendable {
  /// First release that has it.
  public var since: KernelVersion
  /// What changed, one phrase.
  public var what: String
  /// Older long-term releases whose last updates have it too.
  public var carriedTo: [KernelVersion]
  let apply: @Sendable (inout HardenedRules) -> Void

  init(
    _ major: Int, _ minor: Int, _ what: String, carriedTo: [KernelVersion] = [],
    _ apply: @escaping @Sendable (inout HardenedRules) -> Void
  ) {
    since = KernelVersion(major, minor)
    self.what = what
    self.carriedTo = carriedTo
    self.apply = apply
  }
}

extension HardenedRules {
  /// Hardened usercopy as merged for 4.8 (f5509cc18daa).
  public static let asMerged = HardenedRules(
    checks: [
      .zeroLength, .wrappedAddress, .nullAddress, .slabObject, .pageSpan, .stackOutline,
      .stackFrames, .kernelText,
    ],
    wording: .pointers, wrapCountsEnd: true, checksInatomicOnX86_64: true, bouncesMemReads: false,
    bouncesKmemReads: false, bugAt: "mm/usercopy.c:75")

  /// What changed since, oldest first. Releases between two entries have the older one's rules.
  public static let history: [HardenedChange] = [
    HardenedChange(4, 9, "strncpy_from_user() is checked") { $0.checksStrncpy = true },
    HardenedChange(4, 11, "assertions moved") { $0.bugAt = nil },
    HardenedChange(4, 13, "the _inatomic forms are checked everywhere") {
      $0.checksInatomic = true
    },
    HardenedChange(4, 16, "/dev/mem reads into a buffer of its own") { $0.bouncesMemReads = true },
    HardenedChange(4, 16, "windows in slab objects, names and offsets in reports") {
      $0.hasWindows = true
      $0.hasFallback = true
      $0.wording = .offsets
    },
    HardenedChange(4, 19, "hardened_usercopy= on the command line") {
      $0.hasBootSwitch = true
      $0.bugAt = "mm/usercopy.c:102"
    },
    HardenedChange(
      5, 0, "the stack is looked at before the heap", carriedTo: [KernelVersion(4, 19)]
    ) {
      $0.checks = [
        .zeroLength, .wrappedAddress, .nullAddress, .stackOutline, .stackFrames, .slabObject,
        .pageSpan, .kernelText,
      ]
    },
    HardenedChange(
      5, 3, "a range may end at the very top of the address space",
      carriedTo: [KernelVersion(4, 14), KernelVersion(4, 19)]
    ) {
      $0.wrapCountsEnd = false
    },
    HardenedChange(
      5, 5, "lengths above INT_MAX are refused by the caller's gate",
      carriedTo: [KernelVersion(5, 4)]
    ) {
      $0.longestCopy = 0x7fff_ffff
    },
    HardenedChange(5, 7, "assertions moved") {
      $0.bugAt = "mm/usercopy.c:99"
      $0.slabBugAt = "mm/slab.c:4150"
    },
    HardenedChange(5, 16, "the fallback is gone") { $0.hasFallback = false },
    HardenedChange(5, 18, "objects below the stack pointer are refused") {
      $0.checks = [
        .zeroLength, .wrappedAddress, .nullAddress, .stackOutline, .stackFrames, .stackDepth,
        .slabObject, .pageSpan, .kernelText,
      ]
      $0.reportsStackOffset = true
    },
    HardenedChange(5, 19, "kmap, vmalloc areas and large folios; no page span") {
      $0.checks = [
        .zeroLength, .wrappedAddress, .nullAddress, .stackOutline, .stackFrames, .stackDepth,
        .kmap, .vmalloc, .slabObject, .pageAlloc, .kernelText,
      ]
      $0.bugAt = "mm/usercopy.c:101"
      $0.slabBugAt = "mm/slab.c:4037"
    },
    HardenedChange(6, 2, "assertions moved") {
      $0.bugAt = "mm/usercopy.c:102"
      $0.slabBugAt = nil
    },
    HardenedChange(
      6, 4, "no vmalloc test while page faults are disabled", carriedTo: [KernelVersion(6, 1)]
    ) { $0.vmallocNeedsFaults = true },
    HardenedChange(6, 15, "the boot switch is tested in the caller; assertions moved") {
      $0.bugAt = nil
    },
  ]

  /// The rules of a release: those merged for 4.8 and every change since.
  public static func linux(_ version: KernelVersion) -> HardenedRules {
    var rules = asMerged
    for change in history
    where change.since <= version || change.carriedTo.contains(version) {
      change.apply(&rules)
    }
    return rules
  }
}
