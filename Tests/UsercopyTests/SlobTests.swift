import Testing
import Usercopy

/// PaX finds an object of SLOB by what stands in the page: headers and the list of free chunks.
@Suite struct SlobTests {
  private static func kernel(_ architecture: Architecture = .x86_64) -> Kernel {
    var configuration = Configuration(architecture: architecture, allocator: .slob)
    configuration.isPaX = true
    return Kernel(configuration: configuration)
  }

  private static func allows(_ kernel: Kernel, _ start: Address, _ length: UInt64) -> Bool {
    kernel.judge(
      CopyAttempt(entry: .copyToUser, kernel: start, user: 0x1000, length: length), under: .pax314
    ).verdict == .allow
  }

  /// Every start in a page, and as many bytes as there are to the object's end, and one more.
  @Test(arguments: [Architecture.x86_64, .x86_32])
  func theWalkFindsEveryObject(_ architecture: Architecture) throws {
    var kernel = Self.kernel(architecture)
    var objects: [(start: Address, size: UInt64)] = []
    for size: UInt64 in [64, 60, 33, 64, 63, 50] {
      let start = kernel.kmalloc(size, label: "o")
      objects.append((try #require(start), size))
    }
    let freed = objects.remove(at: 3)
    kernel.free(freed.start)
    let page = objects[0].start - 8
    #expect(page % 4096 == 0)
    for pointer in page..<page + 600 {
      let own = objects.first { $0.start <= pointer && pointer < $0.start + $0.size }
      let room = own.map { $0.start + $0.size - pointer } ?? 0
      #expect(!Self.allows(kernel, pointer, room + 1), "\(pointer - page)")
      #expect(room == 0 || Self.allows(kernel, pointer, room), "\(pointer - page)")
    }
  }

  /// The bound is what memory says: a header that was written over moves it.
  @Test func theHeaderIsWhatCounts() throws {
    var kernel = Self.kernel()
    let first = kernel.kmalloc(40, label: "a")
    let object = try #require(first)
    #expect(kernel.memory.read(object - 8, count: 4) == [40, 0, 8, 0])
    #expect(!Self.allows(kernel, object, 41))
    kernel.write([60], at: object - 8)
    #expect(Self.allows(kernel, object, 60) && !Self.allows(kernel, object, 61))
    // Without a size and an alignment the walk stays where it is.
    kernel.write([0, 0, 0, 0], at: object - 8)
    let attempt = CopyAttempt(entry: .copyToUser, kernel: object, user: 0x1000, length: 1)
    #expect(kernel.judge(attempt, under: .pax314).verdict == .hang)
  }

  /// The list of free chunks as it lies in memory: units, and where the next one is.
  @Test func freeChunksAreAList() throws {
    var kernel = Self.kernel()
    let made = [62, 62, 62].map { kernel.kmalloc($0, label: "o") }
    let page = try #require(made[0]) - 8
    // Behind 70 bytes in use two are free, a single unit, up to the next chunk at 72.
    #expect(kernel.memory.read(page + 70, count: 2) == [0xb9, 0xff])
    kernel.free(try #require(made[1]))
    #expect(kernel.memory.read(page + 70, count: 4) == [37, 0, 107, 0])
    #expect(kernel.memory.read(page + 214, count: 4) == [0x95, 0x07, 0, 8])
  }

  /// The first walk stops at the last free chunk, so that nothing behind it is found: in a full page an object
  /// given back hides those that follow.
  @Test func whatLiesBehindTheLastFreeChunkIsNotFound() throws {
    var kernel = Self.kernel()
    let cache = kernel.createCache(CacheRequest(name: "full", objectSize: 56))
    let objects = (0..<64).map { _ in kernel.allocate(cache: cache, label: "o") }
    #expect(objects[63] - objects[0] == 63 * 64)
    #expect(objects.allSatisfy { Self.allows(kernel, $0, 56) })
    kernel.free(objects[10])
    #expect(Self.allows(kernel, objects[9], 56) && !Self.allows(kernel, objects[9], 57))
    #expect(!Self.allows(kernel, objects[10], 1) && !Self.allows(kernel, objects[11], 1))
  }

  /// Nearly a page and more: no header, and the size that was asked for.
  @Test func pagesHaveNoHeader() throws {
    var kernel = Self.kernel()
    let made = kernel.kmalloc(4090, label: "page")
    let object = try #require(made)
    #expect(object % 4096 == 0)
    #expect(Self.allows(kernel, object, 4090) && !Self.allows(kernel, object, 4091))
    #expect(Self.allows(kernel, object + 4089, 1) && !Self.allows(kernel, object + 4090, 1))
    // Behind the size the subtraction wraps, and nothing is too much.
    #expect(Self.allows(kernel, object + 4091, 5))
  }
}
