import KernelHistory
import Testing
import Usercopy

/// Caches that share one.
struct SlabMergingTests {
  static func kernel(
    _ allocator: Allocator = .slub, _ release: KernelVersion = KernelVersion(6, 1),
    debug: SlabDebug = []
  ) -> Kernel {
    var configuration = Configuration(allocator: allocator, slabDebug: debug, release: release)
    configuration.mergesCaches = true
    return Kernel(configuration: configuration)
  }

  static func request(
    _ name: String, _ size: UInt64, align: UInt64 = 0, flags: CacheFlags = [],
    window: Range<UInt64>? = 0..<0
  ) -> CacheRequest {
    CacheRequest(name: name, objectSize: size, align: align, flags: flags, window: window)
  }

  /// As recorded from 6.1: `lab_second_344` and `lab_339` report as `lab_first_344`, one with a window does not.
  @Test func cachesLaidOutAlikeShareTheFirstOnesName() throws {
    var kernel = Self.kernel()
    let first = kernel.createCache(Self.request("lab_first_344", 344))
    #expect(kernel.createCache(Self.request("lab_second_344", 344)) == first)
    #expect(kernel.createCache(Self.request("lab_339", 339)) == first)
    #expect(kernel.createCache(Self.request("lab_336", 336)) != first)
    #expect(kernel.createCache(Self.request("lab_window_344", 344, window: 0..<344)) != first)
    #expect(kernel.cache(named: "lab_339") == first && kernel.caches[first].objectSize == 344)
    let object = kernel.allocate(cache: first, label: "o")
    let outcome = kernel.judge(
      CopyAttempt(entry: .checkOnly, direction: .toUser, kernel: object, user: 0, length: 1),
      under: .linux6_1)
    #expect(outcome.log.contains { $0.contains("SLUB object 'lab_first_344' (offset 0, size 1)") })
  }

  /// The larger of two that share counts, so that a later, larger one is bounded by its own size.
  @Test func anObjectIsAsLargeAsTheLargestAskedFor() {
    var kernel = Self.kernel(.slub, KernelVersion(4, 8))
    let small = kernel.createCache(Self.request("small", 59))
    #expect(kernel.createCache(Self.request("large", 63)) == small)
    #expect(kernel.caches[small].objectSize == 63 && kernel.caches[small].usersize == 63)
  }

  @Test(arguments: [
    CacheFlags.redZone, .poison, .storeUser, .typesafeByRCU, .constructor,
  ]) func whatKeepsACacheApart(flag: CacheFlags) {
    var kernel = Self.kernel()
    let plain = kernel.createCache(Self.request("plain", 64))
    let kept = kernel.createCache(Self.request("kept", 64, flags: flag))
    #expect(kept != plain)
    #expect(kernel.createCache(Self.request("other", 64)) == plain)
  }

  @Test func debuggingKeepsAllApart() {
    var kernel = Self.kernel(debug: .redZone)
    #expect(
      kernel.createCache(Self.request("a", 64)) != kernel.createCache(Self.request("b", 64)))
  }

  /// SLUB is content with slots that happen to be aligned, SLAB is not; SLAB began with 3.18.
  @Test func allocatorsDiffer() {
    for (allocator, release, alike, aligned) in [
      (Allocator.slub, KernelVersion.of2011, true, true),
      (.slab, KernelVersion.of2011, false, false), (.slab, KernelVersion(3, 17), false, false),
      (.slab, KernelVersion(3, 18), true, false), (.slab, KernelVersion(6, 1), true, false),
      (.slob, KernelVersion.of2011, false, false),
    ] {
      var kernel = Self.kernel(allocator, release)
      let first = kernel.createCache(Self.request("first", 128))
      #expect((kernel.createCache(Self.request("same", 128)) == first) == alike)
      #expect((kernel.createCache(Self.request("aligned", 128, align: 64)) == first) == aligned)
      #expect(kernel.createCache(Self.request("wider", 136)) != first)
    }
  }

  /// What is aligned more than asked for will do, also for SLAB.
  @Test(arguments: [Allocator.slub, .slab]) func aMoreAlignedCacheIsShared(allocator: Allocator) {
    var kernel = Self.kernel(allocator)
    let first = kernel.createCache(Self.request("first", 128, align: 64))
    #expect(kernel.createCache(Self.request("less", 128, align: 32)) == first)
    #expect(kernel.createCache(Self.request("plain", 128)) == first)
  }

  /// PaX's flag keeps caches apart, and before 4.16 kmalloc's are open to all.
  @Test func kmallocAndPaX() throws {
    for (isPaX, release, shares) in [
      (false, KernelVersion.of2011, true), (true, .of2011, false),
      (false, KernelVersion(4, 15), true), (false, KernelVersion(4, 16), false),
    ] {
      var kernel = Self.kernel(.slub, release)
      kernel.configuration.isPaX = isPaX
      let found = kernel.kmallocCache(for: 64)
      let kmalloc = try #require(found)
      #expect((kernel.createCache(Self.request("own", 64)) == kmalloc) == shares, "\(release)")
    }
  }

  @Test func cachesAreKeptApartUnlessAskedFor() {
    var kernel = Kernel(configuration: Configuration(release: KernelVersion(6, 1)))
    #expect(
      kernel.createCache(Self.request("a", 64)) != kernel.createCache(Self.request("b", 64)))
  }

  /// Large requests under SLOB come in pages that keep their size; PaX bounds them by it.
  @Test func pagesOfSLOBAreBoundedByPaX() throws {
    var kernel = Kernel(configuration: Configuration(allocator: .slob))
    let made = kernel.kmalloc(9000, label: "big")
    let address = try #require(made)
    let plain = kernel.takePages(order: 2, use: .compound(bytes: 16384), label: "pages")
    func verdict(_ start: Address, _ length: UInt64) -> Verdict {
      kernel.judge(
        CopyAttempt(entry: .copyToUser, kernel: start, user: 0x1000, length: length), under: .pax
      ).verdict
    }
    #expect(verdict(address, 9000) == .allow && verdict(address, 9001) == .deny)
    #expect(verdict(address + 8999, 1) == .allow && verdict(address + 9000, 1) == .deny)
    #expect(verdict(plain, 16384) == .allow && verdict(plain + 1, 16384) == .allow)
  }
}
