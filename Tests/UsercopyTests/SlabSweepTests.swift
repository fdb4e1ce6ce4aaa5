import KernelHistory
import Testing
import Usercopy

/// Every start and length over the first slots of a slab, against bounds written down anew.
struct SlabSweepTests {
  struct Shape: Sendable {
    var object: UInt64
    var stride: UInt64
    var window: Range<UInt64>
    var pad: UInt64 = 0
    var flags: CacheFlags = []

    func cache(_ name: String = "c") -> SlabCache {
      SlabCache(
        name: name, objectSize: object, stride: stride, redLeftPad: pad, inuse: object,
        objectsPerSlab: Int(4096 / stride), flags: flags, useroffset: window.lowerBound,
        usersize: window.upperBound - window.lowerBound)
    }

    /// Start and length of a copy that stays inside `part` of the slot it starts in.
    func holds(_ part: Range<UInt64>, _ start: UInt64, _ length: UInt64) -> Bool {
      let inSlot = start % stride
      return inSlot >= pad + part.lowerBound && inSlot + length <= pad + part.upperBound
    }
  }

  static let shapes = [
    Shape(object: 24, stride: 32, window: 8..<16), Shape(object: 24, stride: 24, window: 0..<24),
    Shape(object: 40, stride: 56, window: 0..<0), Shape(object: 8, stride: 16, window: 7..<8),
    Shape(object: 24, stride: 48, window: 4..<20, pad: 8, flags: .redZone),
    Shape(object: 24, stride: 40, window: 4..<20, flags: .storeUser),
  ]

  static func kernel(_ shape: Shape, _ release: KernelVersion, fallback: Bool = false) -> Kernel {
    var kernel = Scenes.kernel(release, fallback: fallback)
    kernel.placeSlab(cache: kernel.addCache(shape.cache()), base: Scenes.base)
    return kernel
  }

  static func sweep(_ shape: Shape, _ body: (UInt64, UInt64) -> Void) {
    for start in 0..<3 * shape.stride { for length in 1...2 * shape.stride { body(start, length) } }
  }

  @Test(arguments: shapes) func theWindowIsTheAllowedSet(shape: Shape) {
    for era in Scenes.hardened.dropFirst() {
      let kernel = Self.kernel(shape, era.release)
      Self.sweep(shape) { start, length in
        let got = Scenes.allows(kernel, Scenes.check(Scenes.base + start, length), era)
        let wanted = shape.holds(shape.window, start, length)
        if got != wanted { Issue.record("\(era.id) \(shape) \(start)+\(length): \(got)") }
      }
    }
  }

  @Test(arguments: shapes) func beforeWindowsTheUsableSizeIsTheAllowedSet(shape: Shape) {
    let kernel = Self.kernel(shape, Era.linux4_8.release)
    let usable = shape.flags == .redZone ? shape.object : shape.cache().usableSize
    Self.sweep(shape) { start, length in
      let got = Scenes.allows(kernel, Scenes.check(Scenes.base + start, length), .linux4_8)
      if got != shape.holds(0..<usable, start, length) {
        Issue.record("\(shape) \(start)+\(length): \(got)")
      }
    }
  }

  @Test(arguments: shapes) func rfcAllowsTheObject(shape: Shape) {
    var plain = shape
    plain.pad = 0
    let kernel = Self.kernel(plain, .of2011)
    for era in [Era.rfcV1, .rfcV2, .rfcV3] {
      Self.sweep(plain) { start, length in
        let got = Scenes.allows(kernel, Scenes.check(Scenes.base + start, length), era)
        if got != plain.holds(0..<plain.object, start, length) {
          Issue.record("\(era.id) \(shape) \(start)+\(length): \(got)")
        }
      }
    }
  }

  @Test(arguments: shapes) func theFallbackWarnsInsideTheUsableSizeOnly(shape: Shape) {
    let kernel = Self.kernel(shape, Era.linux5_10.release, fallback: true)
    let usable = shape.cache().usableSize
    Self.sweep(shape) { start, length in
      let outcome = kernel.judge(
        Scenes.check(Scenes.base + start, length), under: .linux5_10, recording: false)
      let inWindow = shape.holds(shape.window, start, length)
      let inside = shape.holds(0..<usable, start, length)
      if (outcome.verdict == .allow) != (inWindow || inside)
        || outcome.usedUpWarning != (inside && !inWindow)
      {
        Issue.record("\(shape) \(start)+\(length): \(outcome.verdict)")
      }
    }
  }

  @Test(arguments: Era.all) func bothWidthsAgreeWhereNoWidthMatters(era: Era) {
    let shape = Self.shapes[0]
    var narrow = Kernel(
      configuration: Configuration(architecture: .x86_32, release: era.release))
    narrow.addTask("task", size: 8192, base: 0xc800_0000)
    var wide = Kernel(configuration: Configuration(release: era.release))
    let (low, high) = (Address(0xc400_0000), wide.layout.directMap + 0x1000_0000)
    wide.addTask("task", size: 8192, base: high + 0x10_0000)
    for allocator in [Allocator.slub, .slab] {
      narrow.configuration.allocator = allocator
      wide.configuration.allocator = allocator
      var cache = shape.cache()
      cache.flags = .usercopy
      narrow.placeSlab(cache: narrow.addCache(cache), base: low)
      wide.placeSlab(cache: wide.addCache(cache), base: high)
      var differing = 0
      Self.sweep(shape) { start, length in
        let a = narrow.judge(
          Scenes.check(low + start, length), under: era, recording: false)
        let b = wide.judge(Scenes.check(high + start, length), under: era, recording: false)
        if a.verdict != b.verdict || a.refuser != b.refuser { differing += 1 }
      }
      #expect(differing == 0, "\(allocator)")
    }
  }

  @Test func theWarningComesOncePerBoot() {
    var kernel = Self.kernel(Self.shapes[0], Era.linux5_10.release, fallback: true)
    let attempt = Scenes.check(Scenes.base, 4)
    let first = kernel.copy(attempt, under: .linux5_10)
    #expect(
      first.warnings == [
        "Bad or missing usercopy whitelist? Kernel memory exposure attempt detected from "
          + "SLUB object 'c' (offset 0, size 4)!"
      ])
    let second = kernel.copy(attempt, under: .linux5_10)
    #expect(second.warnings.isEmpty && second.verdict == .allow && !second.usedUpWarning)
    #expect(Array(kernel.log) == first.warnings)
  }

  /// SLAB: bounds by slot, a bare assertion in front of the first slot and behind the last.
  @Test func slabAssertsOutsideItsSlots() {
    for era in Scenes.hardened.dropLast() {
      var kernel = Scenes.kernel(era.release, allocator: .slab)
      let cache = SlabCache(
        name: "s", objectSize: 24, stride: 48, objOffset: 8, objectsPerSlab: 3, useroffset: 4,
        usersize: 12)
      kernel.placeSlab(
        cache: kernel.addCache(cache), base: Scenes.base, firstSlot: Scenes.base + 64)
      let allowed: Range<UInt64> = era.id == "linux-4.8" ? 0..<24 : 4..<16
      for start in 0..<UInt64(280) {
        for length in 1...UInt64(60) {
          let outcome = kernel.judge(
            Scenes.check(Scenes.base + start, length), under: era, recording: false)
          let verdict: Verdict
          if start < 64 || start >= 64 + 3 * 48 {
            verdict = .bug
          } else {
            let inObject = Int((start - 64) % 48) - 8
            let fits =
              inObject >= Int(allowed.lowerBound)
              && inObject + Int(length) <= Int(allowed.upperBound)
            verdict = fits ? .allow : .deny
          }
          if outcome.verdict != verdict {
            Issue.record("\(era.id) \(start)+\(length): \(outcome.verdict), not \(verdict)")
          }
        }
      }
    }
  }

  /// Slot numbers come from 32 bits of distance, not fewer: a slab of 128 KiB with small slots.
  @Test func slabCountsSlotsFarFromTheFirst() {
    var kernel = Scenes.kernel(Era.linux5_10.release, allocator: .slab)
    let cache = SlabCache(name: "s", objectSize: 40, stride: 48, order: 5, objectsPerSlab: 2730)
    kernel.placeSlab(cache: kernel.addCache(cache), base: Scenes.base)
    for slot in [0, 1, 1364, 1365, 1366, 2729] as [UInt64] {
      let start = Scenes.base + slot * 48
      #expect(Scenes.allows(kernel, Scenes.check(start, 40), .linux5_10), "\(slot)")
      #expect(!Scenes.allows(kernel, Scenes.check(start, 41), .linux5_10), "\(slot)")
    }
    let behind = kernel.judge(Scenes.check(Scenes.base + 2730 * 48, 1), under: .linux5_10)
    #expect(behind.verdict == .bug)
  }

  /// A start at the object's very end passes the first bound and fails by the second.
  @Test func theEndOfAnObjectFailsByTheSecondBound() {
    let kernel = Self.kernel(Shape(object: 24, stride: 32, window: 0..<24, flags: .poison), .of2011)
    for (era, text) in [
      (Era.linux4_8, "n <= object_size - offset"), (.rfcV1, "len <= s->objsize - offset"),
    ] {
      let trace = kernel.judge(Scenes.check(Scenes.base + 24, 1), under: era).trace
      #expect(
        trace.contains {
          $0.kind == .check(text, lhs: .quantity(1), rhs: .quantity(0), result: false)
        }, "\(era.id)")
    }
  }

  @Test func slabAssertionHasNoReport() {
    var kernel = Scenes.kernel(Era.linux6_1.release, allocator: .slab)
    let cache = kernel.createCache(CacheRequest(name: "s", objectSize: 200))
    kernel.placeSlab(cache: cache, base: Scenes.base, colour: 64)
    let outcome = kernel.judge(Scenes.check(Scenes.base, 1), under: .linux6_1)
    #expect(outcome.verdict == .bug && outcome.refuser == .allocatorBugOn && outcome.isFatal)
    #expect(outcome.bugAt == "mm/slab.c:4037")
    #expect(outcome.log == ["kernel BUG at mm/slab.c:4037!"])
    let v3 = kernel.judge(Scenes.check(Scenes.base, 1), under: .rfcV3)
    #expect(v3.bugAt == "mm/slab.c:3869")
  }

  @Test func leftRedZoneHasItsOwnReport() {
    let kernel = Self.kernel(Self.shapes[4], Era.linux6_1.release)
    #expect(
      Scenes.message(kernel, Scenes.check(Scenes.base + 55, 1, .fromUser), .linux6_1)
        == "usercopy: Kernel memory overwrite attempt detected to "
        + "SLUB object in left red zone 'c' (offset 7, size 1)!")
    #expect(
      Scenes.message(kernel, Scenes.check(Scenes.base + 56, 1), .linux6_1)
        == "usercopy: Kernel memory exposure attempt detected from "
        + "SLUB object 'c' (offset 0, size 1)!")
  }

  /// The flag that must be there before PaX looks at bounds.
  @Test func paxWantsItsFlag() {
    for (era, release) in [(Era.pax, KernelVersion.of2011), (.pax314, KernelVersion(3, 14))] {
      for allocator in [Allocator.slub, .slab] {
        for flags in [CacheFlags.usercopy, []] {
          var kernel = Scenes.kernel(release, allocator: allocator)
          let cache = kernel.createCache(
            CacheRequest(name: "c", objectSize: 64, flags: flags), geometry: .slub2011)
          kernel.placeSlab(cache: cache, base: Scenes.base)
          let inside = kernel.judge(Scenes.check(Scenes.base, 64), under: era)
          #expect((inside.verdict == .allow) == (flags == .usercopy), "\(era.id) \(allocator)")
          #expect(!Scenes.allows(kernel, Scenes.check(Scenes.base, 65), era))
          if flags.isEmpty {
            #expect(inside.consequence == .sigkill)
            #expect(
              inside.log == [
                "PAX: kernel memory leak attempt detected from ffff888010000000 (c) (64 bytes)"
              ])
          }
        }
      }
    }
  }
}
