import JSON
import KernelHistory
import Testing

@testable import KernelPages
@testable import Narration
@testable import Simulation
@testable import Usercopy

/// The model against what real kernels were seen to do.
struct ModelTests {
  /// The model, asked for each cache of the recorded kernel, lays it out as the kernel did.
  @Test func everyCacheIsLaidOutAsTold() throws {
    let snapshot = try Samples.snapshot("stock-part")
    #expect(snapshot.caches.count == 145)
    var kernel = Kernel(configuration: Configuration(release: KernelVersion(6, 1)))
    for told in snapshot.caches {
      let made = kernel.caches[kernel.createCache(told.request)]
      #expect(made.objectSize == told.objectSize, "\(told.name)")
      #expect(made.stride == told.stride, "\(told.name)")
      #expect(made.order == told.order, "\(told.name)")
      #expect(made.objectsPerSlab == told.objectsPerSlab, "\(told.name)")
      #expect(made.freeptrOffset == told.freeptrOffset, "\(told.name)")
      #expect(made.inuse == told.inuse, "\(told.name)")
      #expect(made.useroffset == told.useroffset, "\(told.name)")
      #expect(made.usersize == told.usersize, "\(told.name)")
    }
  }

  /// With `CONFIG_SLAB_FREELIST_RANDOM` every free slot of a new slab points to the next in one chain, which is in no
  /// order of the slots, and objects come out of it in that chain's order.
  @Test(arguments: [false, true])
  func aNewSlabIsOneShuffledChain(hardened: Bool) throws {
    var configuration = Configuration(release: KernelVersion(6, 1))
    configuration.freelistRandom = true
    configuration.freelistHardened = hardened
    var kernel = Kernel(configuration: configuration)
    kernel.addTask("demo")
    let cache = kernel.createCache(CacheRequest(name: "c", objectSize: 64))
    _ = kernel.allocate(cache: cache, label: "first")
    let slab = kernel.slabs[0]
    var reader = FreelistReader(
      base: slab.base, cache: kernel.caches[cache], slots: slab.objects.count,
      encoding: kernel.freelistEncoding, word: .bits64,
      bytes: kernel.memory.read(slab.base, count: 4096))
    reader.cache.random = kernel.random(of: cache)
    let head = try #require(slab.freed.last)
    let walk = reader.walk(from: kernel.objectAddress(slab: 0, index: head))
    #expect(walk.isWhole)
    #expect(walk.slots.count == slab.objects.count - 1)
    #expect(walk.slots != walk.slots.sorted())
    for slot in walk.slots.prefix(5) {
      #expect(kernel.object(at: kernel.allocate(cache: cache, label: "o"))?.index == slot)
    }
  }

  /// Caches whose readers count on what a freed object holds are not poisoned, as the kernel's own flag says.
  @Test func poisonIsWhereTheKernelHadIt() throws {
    let snapshot = try Samples.snapshot("slub-debug-part")
    var kernel = Kernel(
      configuration: Configuration(
        slabDebug: [.redZone, .poison, .storeUser], release: KernelVersion(6, 1)))
    for told in snapshot.caches {
      let made = kernel.caches[kernel.createCache(told.request)]
      #expect(kernel.poisons(made) == told.fillsObjects, "\(told.name)")
    }
  }

  /// Red zones, poison and padding of recorded pages are those that the model writes.
  @Test func redZonesAndPoisonAreTheKernels() throws {
    let snapshot = try Samples.snapshot("slub-debug-part")
    for slab in snapshot.slabs {
      let cache = try #require(snapshot.cache(named: slab.cache))
      for slot in slab.slots.indices {
        let start = slot * Int(cache.stride)
        let left = slab.data[start..<start + Int(cache.redLeftPad)]
        let isLive = slab.slots[slot] == .live
        #expect(left.allSatisfy { $0 == (isLive ? 0xcc : 0xbb) })
        guard !isLive, cache.fillsObjects else { continue }
        let object = start + Int(cache.redLeftPad)
        let bytes = slab.data[object..<object + Int(cache.objectSize)]
        #expect(bytes.dropLast().allSatisfy { $0 == 0x6b } && bytes.last == 0xa5)
      }
      let used = slab.objects * Int(cache.stride)
      #expect(slab.data[used...].allSatisfy { $0 == 0x5a })
    }
  }

  /// With `slub_debug=FZPU` the model fills slots in use, given back and never handed out as the recorded kernel did.
  @Test func theModelFillsSlotsAsTheKernelDid() throws {
    let snapshot = try Samples.snapshot("slub-debug-part")
    let caches = snapshot.caches.filter { told in
      snapshot.slabs.contains { $0.cache == told.name } && told.objectsPerSlab > 4
    }
    #expect(caches.count > 3)
    for told in caches {
      var kernel = Kernel(
        configuration: Configuration(
          slabDebug: [.redZone, .poison, .storeUser], release: KernelVersion(6, 1)))
      kernel.addTask("demo")
      let cache = kernel.createCache(told.request)
      _ = kernel.allocate(cache: cache, label: "kept", at: 1)
      kernel.free(kernel.allocate(cache: cache, label: "given", at: 2))
      let base = kernel.slabs[0].base
      for (slot, isLive) in [(1, true), (2, false), (3, false)] {
        let start = base + UInt64(slot) * told.stride
        let left = kernel.memory.read(start, count: Int(told.redLeftPad))
        #expect(left.allSatisfy { $0 == (isLive ? 0xcc : 0xbb) }, "\(told.name) \(slot)")
        guard !isLive, told.fillsObjects else { continue }
        let object = kernel.memory.read(start + told.redLeftPad, count: Int(told.objectSize))
        #expect(object.dropLast().allSatisfy { $0 == 0x6b }, "\(told.name) \(slot)")
        #expect(object.last == 0xa5, "\(told.name) \(slot)")
      }
      let used = UInt64(told.objectsPerSlab) * told.stride
      let tail = kernel.memory.read(base + used, count: Int(told.slabBytes - used))
      #expect(tail.allSatisfy { $0 == 0x5a }, "\(told.name)")
    }
  }

  /// What nobody tells is computed: with `slub_debug=U` every group of `kmalloc()`'s caches keeps the size asked for.
  @Test(arguments: [
    ("kmalloc-96", 96 as UInt64), ("kmalloc-cg-96", 96), ("kmalloc-rcl-96", 96),
    ("dma-kmalloc-96", 96),
  ])
  func everyGroupOfKmallocKeepsTheSizeAskedFor(name: String, size: UInt64) {
    func stride(_ name: String) -> UInt64 {
      var kernel = Kernel(
        configuration: Configuration(
          slabDebug: [.redZone, .poison, .storeUser], release: KernelVersion(6, 1)))
      return kernel.caches[kernel.createCache(CacheRequest(name: name, objectSize: size))].stride
    }
    #expect(stride(name) == 200)
    #expect(stride("other") == 192)
  }
}
