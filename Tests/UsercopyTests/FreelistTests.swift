import KernelHistory
import Support
import Testing

@testable import Usercopy

/// What SLUB keeps in free slots, and what a copy makes of it.
struct FreelistTests {
  static func machine(
    _ release: KernelVersion, hardened: Bool = false, _ flags: CacheFlags = [],
    debug: SlabDebug = [], architecture: Architecture = .x86_64
  ) -> Kernel {
    var configuration = Configuration(
      architecture: architecture, slabDebug: debug, release: release)
    configuration.freelistHardened = hardened
    var kernel = Kernel(configuration: configuration)
    kernel.addTask("demo")
    kernel.createCache(CacheRequest(name: "c", objectSize: 64, flags: flags))
    return kernel
  }

  /// What a slot's pointer means, decoded as the kernel does it.
  static func next(_ kernel: Kernel, _ object: Address) -> Address {
    let place = object + kernel.caches[0].freeptrOffset
    let stored = kernel.memory.word(at: place, size: kernel.configuration.wordSize)
    return kernel.configuration.freelistHardened
      ? kernel.encoded(stored, at: place, cache: 0) : stored
  }

  /// Slots reach each other in the order in which they are handed out, whatever was taken out of order.
  @Test(arguments: [1, 2, 3, 4, 5, 6] as [UInt64])
  func theListIsAChain(seed: UInt64) throws {
    var random = SplitMix(seed)
    var kernel = Self.machine(
      KernelVersion(6, 1), hardened: seed % 2 == 0, architecture: seed > 4 ? .x86_32 : .x86_64)
    var live: [Address] = []
    for _ in 0..<400 {
      if live.count < 40, Bool.random(using: &random) || live.isEmpty {
        let wanted =
          Int.random(in: 0..<3, using: &random) == 0 ? Int.random(in: 0..<64, using: &random) : nil
        live.append(kernel.allocate(cache: 0, label: "o", at: wanted))
      } else {
        kernel.free(live.remove(at: .random(in: 0..<live.count, using: &random)))
      }
      for (index, slab) in kernel.slabs.enumerated() {
        var expected = slab.freed.reversed().map { kernel.objectAddress(slab: index, index: $0) }
        let never = slab.objects.indices.first { slab.objects[$0].state == .never }
        expected.append(never.map { kernel.objectAddress(slab: index, index: $0) } ?? 0)
        for (object, behind) in zip(expected, expected.dropFirst()) {
          #expect(Self.next(kernel, object) == behind)
        }
        #expect(Set(slab.freed).count == slab.freed.count)
        for slot in slab.freed { #expect(slab.objects[slot].state == .freed) }
      }
    }
  }

  @Test func theSlotGivenBackLastIsHandedOutFirst() {
    var kernel = Self.machine(.of2011)
    let three = (0..<3).map { kernel.allocate(cache: 0, label: "o\($0)") }
    for object in three { kernel.free(object) }
    #expect((0..<3).map { kernel.allocate(cache: 0, label: "p\($0)") } == three.reversed())
  }

  @Test(
    arguments: [
      (KernelVersion.of2011, CacheFlags(), UInt64(0)), (KernelVersion(5, 6), [], 0),
      (KernelVersion(5, 7), [], 32), (KernelVersion(7, 2), [], 32),
      (KernelVersion(6, 1), .constructor, 64), (KernelVersion(6, 1), .typesafeByRCU, 64),
      (KernelVersion(6, 1), .poison, 64), (KernelVersion.of2011, .constructor, 64),
    ] as [(KernelVersion, CacheFlags, UInt64)])
  func thePointerLiesWhereTheReleaseKeepsIt(
    _ release: KernelVersion, _ flags: CacheFlags, _ offset: UInt64
  ) {
    var kernel = Self.machine(release, flags)
    let object = kernel.allocate(cache: 0, label: "o")
    kernel.free(object)
    let other = kernel.objectAddress(slab: 0, index: 1)
    #expect(kernel.memory.word(at: object + offset, size: .bits64) == other)
    // A new owner's copy of all its bytes hands it out, where it lies inside.
    let again = kernel.allocate(cache: 0, label: "again")
    #expect(again == object)
    let attempt = CopyAttempt(
      entry: .copyToUser, kernel: again, user: 0x1000, length: 64,
      intent: kernel.holder(at: again))
    let runs = kernel.stories(ByteRange(start: again, length: 64), of: attempt)
    let told = runs.filter { $0.story == .allocator }
    #expect(told.map(\.start) == (offset < 64 ? [object + offset] : []))
    for run in told { #expect(run.author == .freelist(isEncoded: false) && run.length == 8) }
  }

  /// A stale copy of a freed object hands out its bytes and the allocator's pointer, and says which is which.
  @Test(arguments: [false, true])
  func aStaleSlotsPointerIsTheAllocators(isEncoded: Bool) {
    var kernel = Self.machine(KernelVersion(6, 1), hardened: isEncoded)
    let object = kernel.allocate(cache: 0, label: "o")
    let holder = kernel.holder(at: object)
    kernel.write([UInt8](repeating: 0x41, count: 64), at: object)
    kernel.free(object)
    let stored = kernel.memory.word(at: object + 32, size: .bits64)
    #expect((stored == kernel.objectAddress(slab: 0, index: 1)) == !isEncoded)
    #expect(Self.next(kernel, object) == kernel.objectAddress(slab: 0, index: 1))
    let attempt = CopyAttempt(
      entry: .copyToUser, kernel: object, user: kernel.mapUser(64), length: 64, intent: holder)
    let effect = kernel.effect(kernel.judge(attempt, under: .linux6_1))
    #expect(effect.moved.map(\.story) == [.freed, .allocator, .freed])
    #expect(effect.moved.map(\.length) == [32, 8, 24])
    #expect(effect.moved.dropFirst().first?.author == .freelist(isEncoded: isEncoded))
  }

  /// What `slub_debug=ZP` writes: free and used zones differ, and poison spares what RCU may still read.
  @Test func debuggingKeepsItsPatterns() {
    var kernel = Self.machine(KernelVersion(6, 1), debug: [.redZone, .poison])
    let object = kernel.allocate(cache: 0, label: "o")
    let free = kernel.objectAddress(slab: 0, index: 1)
    func zones(_ object: Address) -> [UInt8] {
      [kernel.memory[object - 1], kernel.memory[object + 64]]
    }
    #expect(zones(object) == [0xcc, 0xcc])
    #expect(zones(free) == [0xbb, 0xbb])
    #expect(kernel.memory.read(free, count: 64) == [UInt8](repeating: 0x6b, count: 63) + [0xa5])
    kernel.free(object)
    #expect(zones(object) == [0xbb, 0xbb])
    let slab = kernel.slabs[0]
    let used = UInt64(slab.objects.count) * kernel.caches[0].stride
    #expect(used < kernel.caches[0].slabBytes)
    #expect(kernel.memory[slab.base + used] == 0x5a)

    var rcu = Self.machine(KernelVersion(6, 1), .typesafeByRCU, debug: .poison)
    let kept = rcu.allocate(cache: 0, label: "o")
    rcu.write([UInt8](repeating: 7, count: 64), at: kept)
    rcu.free(kept)
    #expect(rcu.memory.read(kept, count: 64) == [UInt8](repeating: 7, count: 64))
  }
}
