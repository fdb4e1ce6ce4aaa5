import Foundation
import KernelLog
import Support
import Testing

@Suite struct SlabTests {
  static let files = [
    ":0000064/object_size": "64\n", ":0000064/slab_size": "64\n", ":0000064/objs_per_slab": "64\n",
    ":0000064/order": "0\n", ":0000064/align": "8\n", ":0000064/usersize": "0\n",
    ":0000064/objects": "2157 N0=2157\n", ":0000064/hwcache_align": "1\n",
    ":0000064/red_zone": "x\n", ":0000064/ctor": "init_once+0x0/0x10\n",
    "task_struct/object_size": "9000\n",
  ]

  static func tree(_ entries: [SlabTree.Entry]) -> SlabTree {
    SlabTree(
      list: { () throws(ReadFailure) in entries },
      read: { (path: String) throws(ReadFailure) in
        if path == "task_struct/slab_size" { throw .notPermitted }
        guard let text = files[path] else { throw .notFound }
        return Array(text.utf8)
      })
  }

  @Test func aliasesShareTheirCache() throws {
    let contents = try Self.tree([
      .init(name: "vm_area", target: ":0000064"), .init(name: ":0000064"),
      .init(name: "task_struct"), .init(name: "anon", target: "../slab/:0000064"),
      .init(name: "lost", target: "gone"),
    ]).contents()
    #expect(contents.caches.map(\.name) == [":0000064", "anon", "task_struct", "vm_area"])
    #expect(contents.danglingLinks == ["lost"])
    let shared = contents.caches.filter { $0.id == ":0000064" }
    #expect(shared.map(\.objectSize) == [64, 64, 64] && shared.map(\.stride) == [64, 64, 64])
    #expect(shared.map(\.aliases) == [["anon", "vm_area"], ["vm_area"], ["anon"]])
    #expect(shared[0].flags == [.hwcacheAlign] && shared[0].usersize == 0)
    #expect(shared[0].activeObjects == 2157 && shared[0].constructor == "init_once+0x0/0x10")
    #expect(shared[0].unread.contains(.init(attribute: "red_zone", reason: .notANumber)))
    let task = contents.caches[2]
    #expect(task.objectSize == 9000 && task.stride == nil && task.id == nil)
    #expect(task.unread.contains(.init(attribute: "slab_size", reason: .notPermitted)))
  }

  @Test func listingMayFail() {
    let tree = SlabTree(
      list: { () throws(ReadFailure) -> [SlabTree.Entry] in throw .notPermitted },
      read: { (_: String) throws(ReadFailure) -> [UInt8] in throw .notFound })
    #expect(throws: ReadFailure.notPermitted) { try tree.contents() }
  }

  static let slabinfo = """
    slabinfo - version: 2.1
    # name            <active_objs> <num_objs> <objsize> <objperslab> <pagesperslab> : tunables
    kmalloc-64         2157   2368     64   64    1 : tunables    0    0    0 : slabdata     37
    odd name              0      0    312   13    2 : tunables    0    0    0 : slabdata      0
    broken 1 2 : tunables 0
    """

  @Test func slabinfoTable() throws {
    let table = try SlabInfo.read(Array(Self.slabinfo.utf8))
    #expect(table.caches.map(\.name) == ["kmalloc-64", "odd name"])
    #expect(table.caches.map(\.stride) == [64, 312] && table.caches.map(\.order) == [0, 1])
    #expect(table.caches[0].activeObjects == 2157 && table.caches[0].totalObjects == 2368)
    #expect(table.badLines == [5])
    #expect(throws: KernelLogError.badHeader) { try SlabInfo.read([]) }
    #expect(throws: KernelLogError.badHeader) { try SlabInfo.read(Array("x\n".utf8)) }
  }

  @Test(
    arguments: [
      (
        "slabinfo - version: 1.1\n"
          + "size-64(DMA)           3     59     64    1    1    1\n"
          + "inode_cache        60     78    480    9    13    1\n",
        ["size-64(DMA)", "inode_cache"], [64, 480], [59, 6], [0, 0]
      ),
      (
        "slabinfo - version: 1.1 (SMP)\nkmem_cache 80 80 244 5 5 1 :  252  126\n",
        ["kmem_cache"], [244], [16], [0]
      ),
      (
        "slabinfo - version: 1.2\n# name <active_objs>\nodd name 3 16 8192 2 4 4 : 8 4\n",
        ["odd name"], [8192], [4], [2]
      ),
      (
        "slabinfo - version: 2.0\n# name\n"
          + "size-64 10 59 64 59 1 : tunables 32 16 8 : slabdata 1 1 0\n",
        ["size-64"], [64], [59], [0]
      ),
      (
        "slabinfo - version: 2.1 (statistics)\n# name\n"
          + "dentry 9 21 192 21 1 : tunables 120 60 8 : slabdata 1 1 0 : globalstat 9 9 1 0 0 0 "
          + "0 0 0 : cpustat 8 1 0 0\n",
        ["dentry"], [192], [21], [0]
      ),
      (
        "slabinfo - version: 2.1\r\na:b 1 2 8 2 1 : tunables 0 0 0 : slabdata 0 0 0\r\n",
        ["a:b"], [8], [2], [0]
      ),
    ] as [(String, [String], [UInt64], [UInt64?], [UInt64?])])
  func tablesOfAllVersions(
    _ text: String, _ names: [String], _ strides: [UInt64], _ perSlab: [UInt64?],
    _ orders: [UInt64?]
  ) throws {
    let table = try SlabInfo.read(Array(text.utf8))
    #expect(table.badLines.isEmpty)
    #expect(table.caches.map(\.name) == names && table.caches.map(\.stride) == strides)
    #expect(table.caches.map(\.objectsPerSlab) == perSlab)
    #expect(table.caches.map(\.order) == orders)
  }

  @Test func linksMayLeadOverLinksAndInCircles() throws {
    let contents = try Self.tree([
      .init(name: ":0000064"), .init(name: "one", target: "two"),
      .init(name: "two", target: ":0000064"), .init(name: "round", target: "about"),
      .init(name: "about", target: "round"), .init(name: "self", target: "self"),
    ]).contents()
    #expect(contents.caches.map(\.name) == [":0000064", "one", "two"])
    #expect(contents.caches[0].aliases == ["one", "two"])
    #expect(contents.danglingLinks == ["about", "round", "self"])
  }

  /// The tree of the machine the tests run on, where it has one, read twice over: by this reader
  /// and file by file.
  @Test func ownTree() throws {
    let root = "/sys/kernel/slab"
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: root) else { return }
    let tree = SlabTree(
      list: { () throws(ReadFailure) in
        names.map {
          .init(
            name: $0,
            target: try? FileManager.default.destinationOfSymbolicLink(atPath: "\(root)/\($0)"))
        }
      },
      read: { (path: String) throws(ReadFailure) in
        guard let data = FileManager.default.contents(atPath: "\(root)/\(path)") else {
          throw .notPermitted
        }
        return Array(data)
      })
    let contents = try tree.contents()
    #expect(contents.caches.map(\.name) == names.sorted())
    for cache in contents.caches {
      func number(_ attribute: String) -> UInt64? {
        FileManager.default.contents(atPath: "\(root)/\(cache.name)/\(attribute)")
          .flatMap { UInt64(String(decoding: $0, as: UTF8.self).dropLast()) }
      }
      #expect(cache.objectSize == number("object_size"), "\(cache.name)")
      #expect(cache.stride == number("slab_size"), "\(cache.name)")
      #expect(cache.objectsPerSlab == number("objs_per_slab"), "\(cache.name)")
      #expect(cache.order == number("order") && cache.align == number("align"), "\(cache.name)")
      #expect(cache.usersize == number("usersize"), "\(cache.name)")
      for flag in CacheFlag.allCases {
        #expect(cache.flags.contains(flag) == (number(flag.rawValue) == 1), "\(cache.name)")
      }
    }
  }

  /// Numbers in names count, units too; the kernel's own ids come last.
  @Test func namesAreInPeoplesOrder() {
    let names = [
      "dma-kmalloc-8", "kmalloc-8", "kmalloc-16", "kmalloc-96", "kmalloc-128", "kmalloc-1k",
      "kmalloc-2k", "kmalloc-8k", "kmalloc-1M", "kmalloc-cg-8", "kmalloc-cg-64", "kmalloc-rcl-64",
      "sgpool-8", "sgpool-16", "task_struct", "x9kb", "x10kb", ":0000024", ":0000128",
      ":a-0000056", ":t-99999999999999999999",
    ]
    var random = SplitMix(7)
    for _ in 0..<50 {
      let caches = names.shuffled(using: &random).map { CacheInfo(name: $0) }
      #expect(CacheOrder.name.sorted(caches).map(\.name) == names)
    }
  }
}

/// Tables as people paste them, and addresses in slabs.
@Suite struct SlabCaseTests {
  @Test func tunablesTellTheAllocator() throws {
    let path = Sample.directory.appending(path: "cases/slabinfo-slab-tunables.txt")
    let cache = try #require(try SlabInfo.read(Array(Data(contentsOf: path))).caches.first)
    #expect(cache.isSLAB == true && cache.stride == 64)
    let slub = "kmalloc-64 640 640 64 64 1 : tunables 0 0 0 : slabdata 10 10 0\n"
    for row in [slub, "> " + slub] {
      let table = try SlabInfo.read(Array(row.utf8))
      #expect(table.caches.map(\.name) == ["kmalloc-64"] && table.caches[0].isSLAB == nil)
    }
    #expect(throws: KernelLogError.badHeader) { try SlabInfo.read(Array("no table\n".utf8)) }
  }

  @Test(
    arguments: [
      (0xffff_8880_0123_4000, 0, 0, 96), (0xffff_8880_0123_405f, 0, 95, 1),
      (0xffff_8880_0123_4060, 0, 96, 0), (0xffff_8880_0123_4080, 1, 0, 96),
      (0xffff_8880_0123_5fff, 63, 127, 0),
    ] as [(UInt64, UInt64, UInt64, UInt64)])
  func anAddressHasItsSlot(address: UInt64, slot: UInt64, offset: UInt64, left: UInt64) throws {
    var cache = CacheInfo(name: "some")
    cache.objectSize = 96
    cache.stride = 128
    cache.order = 1
    let place = try #require(SlabPlace(address, in: cache))
    #expect(place.slot == slot && place.offset == offset && place.left == left)
    #expect(place.slab == 0xffff_8880_0123_4000)
  }
}
