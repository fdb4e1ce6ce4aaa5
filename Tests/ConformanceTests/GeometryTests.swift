import KernelHistory
import Conformance
import JSON
import Testing
import Usercopy

/// Slab layouts against the caches of real kernels.
struct GeometryTests {
  static func configuration(_ variant: String, _ release: KernelVersion) -> Configuration {
    let debug: [String: SlabDebug] = [
      "z": .redZone, "p": .poison, "zpu": [.redZone, .poison, .storeUser],
      "zo": [.redZone, .sameOrderOnly],
    ]
    let orders = ["maxorder0": 0...0, "minorder3": 3...3]
    let letters = variant.split(separator: "-").last.map(String.init) ?? ""
    return Configuration(
      slabDebug: debug[letters] ?? [], release: release, slubOrders: orders[variant] ?? 0...3)
  }

  static func request(_ value: JSONValue) -> CacheRequest {
    var flags: CacheFlags = []
    for (key, flag) in [
      ("red_zone", CacheFlags.redZone), ("poison", .poison), ("store_user", .storeUser),
      ("typesafe_by_rcu", .typesafeByRCU), ("ctor", .constructor), ("hwcache_align", .hwcacheAlign),
    ] where value[key]?.bool ?? false { flags.insert(flag) }
    let start = value["useroffset"]?.uint64 ?? 0
    return CacheRequest(
      name: value["name"]?.string ?? "", objectSize: value["size"]?.uint64 ?? 0,
      align: value["align"]?.uint64 ?? 0, flags: flags,
      window: start..<start + (value["usersize"]?.uint64 ?? 0))
  }

  static func summary(_ cache: SlabCache) -> [String: UInt64] {
    [
      "object_size": cache.objectSize, "stride": cache.stride, "align": cache.align,
      "inuse": cache.inuse, "freeptr_offset": cache.freeptrOffset, "order": UInt64(cache.order),
      "objs_per_slab": UInt64(cache.objectsPerSlab), "useroffset": cache.useroffset,
      "usersize": cache.usersize, "red_left_pad": cache.redLeftPad,
    ]
  }

  @Test(arguments: [("5.10", 422), ("6.1", 285), ("7.2", 286)])
  func slubCachesLieAsRecorded(release: String, count: Int) throws {
    let version = try #require(KernelVersion(release))
    var seen = 0
    for line in try PackedVectors.values("caches-linux-\(release)") {
      let cache = try #require(line["cache"])
      let name = try #require(cache["name"]?.string)
      // A merged cache is somebody else's.
      guard line["variant"]?.string != "merge" else { continue }
      var kernel = Kernel(
        configuration: Self.configuration(line["variant"]?.string ?? "", version))
      let made: Int
      if let requested = cache["requested"] {
        made = kernel.createCache(Self.request(requested))
      } else if name.hasPrefix("kmalloc"), let size = cache["object_size"]?.uint64 {
        let found = kernel.kmallocCache(for: size, accounted: name.hasPrefix("kmalloc-cg-"))
        made = try #require(found)
        if !name.contains("rcl"), !name.contains("dma") {
          #expect(kernel.caches[made].name == name)
        }
      } else {
        continue
      }
      seen += 1
      let got = Self.summary(kernel.caches[made])
      for (key, value) in got {
        var wanted = cache[key]?.uint64
        // Kernels keep the pad's size even where it has no effect.
        if key == "red_left_pad", cache["red_zone"]?.bool == false { wanted = 0 }
        #expect(value == wanted, "\(release) \(line["variant"]?.text ?? "") \(name) \(key)")
      }
    }
    #expect(seen == count - 8)
  }

  /// SLAB of 5.10 and 6.1: what the regions say of caches, made again from their requests.
  @Test func slabCachesLieAsRecorded() throws {
    var seen: Set<String> = []
    for line in try PackedVectors.values("usercopy-configs") {
      guard let cache = line["region"]?["cache"], let freelist = cache["freelist"]?.string else {
        continue
      }
      let debug = line["variant"]?.string == "debug-slab"
      guard seen.insert("\(debug)" + cache.text).inserted else { continue }
      let size = try #require(cache["object_size"]?.uint64)
      var flags: CacheFlags = []
      if cache["rcu"]?.bool == true { flags.insert(.typesafeByRCU) }
      // Only a constructor or RCU keeps the index out of objects that have room for it.
      let count = try #require(cache["objs_per_slab"]?.uint64)
      if freelist == "end-of-slab", count <= size { flags.insert(.constructor) }
      var kernel = Kernel(
        configuration: Configuration(
          allocator: .slab, slabDebug: debug ? [.redZone, .poison, .storeUser] : [],
          release: KernelVersion(6, 1)))
      let made = kernel.createCache(
        CacheRequest(
          name: "c", objectSize: size, align: cache["align"]?.uint64 ?? 0, flags: flags))
      let got = kernel.caches[made]
      for (key, value) in [
        "stride": got.stride, "objs_per_slab": UInt64(got.objectsPerSlab),
        "order": UInt64(got.order), "obj_offset": got.objOffset, "align": got.align,
        "colour_step": got.colourStep, "colours": UInt64(got.colours),
      ] {
        #expect(value == cache[key]?.uint64, "\(cache["name"]?.text ?? "") \(debug) \(key)")
      }
      #expect(got.flags.contains(.redZone) == cache["red_zone"]?.bool)
      #expect(got.flags.contains(.poison) == cache["poison"]?.bool)
    }
    #expect(seen.count > 100)
  }

  /// The caches of 2011 in the RFC's vectors, which were laid out for them: on 32 bit with SLUB's slots aligned to
  /// the word. The kernel's own are aligned to 8 (`ARCH_SLAB_MINALIGN`), so those that differ by it are left out.
  @Test func cachesOf2011LieAsRecorded() throws {
    var seen = 0
    for vector in try PackedVectors.values("usercopy-rfc-v1") {
      guard let cache = vector["region"]?["cache"], let slab = vector["region"]?["slab"],
        let allocator = Allocator(rawValue: vector["allocator"]?.string ?? ""),
        let word = WordSize(rawValue: vector["config"]?["bits"]?.int ?? 0),
        let objsize = cache["objsize"]?.uint64, let stride = cache["size"]?.uint64
      else { continue }
      if allocator == .slub, stride % 8 != 0 { continue }
      let names = Set((cache["flags"]?.array ?? []).compactMap(\.string))
      var flags: CacheFlags = []
      for (flag, name) in CacheFlags.names where names.contains(name) { flags.insert(flag) }
      let geometry: SlabGeometry = allocator == .slab ? .slab2011 : .slub2011
      let got = geometry.cache(
        CacheRequest(name: "", objectSize: objsize, flags: flags), wordSize: word)
      seen += 1
      #expect(got.stride == stride, "\(vector["id"]?.text ?? "")")
      #expect(got.objOffset == cache["obj_offset"]?.uint64)
      if stride * 64 <= 4096 || allocator == .slub {
        #expect(got.order == slab["order"]?.int, "\(vector["id"]?.text ?? "")")
        #expect(got.objectsPerSlab == cache["num"]?.int, "\(vector["id"]?.text ?? "")")
      }
    }
    #expect(seen > 800)
  }

  @Test func kmallocClassesAreNamedAsTheirReleaseNamesThem() {
    func name(_ size: UInt64, _ release: KernelVersion, _ allocator: Allocator = .slub) -> String? {
      let classes = KmallocClasses(Configuration(allocator: allocator, release: release))
      return classes.room(for: size).map { classes.name($0, accounted: true) }
    }
    #expect(name(1, .of2011) == "kmalloc-8")
    #expect(name(1, .of2011, .slab) == "size-32")
    #expect(name(1025, KernelVersion(4, 16)) == "kmalloc-2048")
    #expect(name(1025, KernelVersion(5, 10)) == "kmalloc-2k")
    #expect(name(1024, KernelVersion(6, 1)) == "kmalloc-cg-1k")
    #expect(name(8193, KernelVersion(6, 1)) == nil)
    #expect(name(8193, KernelVersion(6, 1), .slab) == nil)
    #expect(name(8193, KernelVersion(5, 10), .slab) == "kmalloc-16k")
    #expect(name(4 << 20, KernelVersion(5, 10), .slab) == "kmalloc-4M")
    #expect(name((4 << 20) + 1, KernelVersion(5, 10), .slab) == nil)
  }
}
