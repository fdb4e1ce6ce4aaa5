import KernelHistory
import Testing
@testable import Usercopy

/// Emptied slabs and who gets their pages.
struct GiveBackTests {
  private static func machine(
    _ size: UInt64, keeps least: Int?, allocator: Allocator = .slub
  ) -> Kernel {
    var kernel = Kernel(
      configuration: Configuration(allocator: allocator, release: KernelVersion(6, 1)))
    var request = CacheRequest(name: "own", objectSize: size)
    request.minPartial = least
    kernel.createCache(request)
    return kernel
  }

  private static func gone(_ kernel: Kernel) -> Int { kernel.slabs.count(where: \.isGone) }

  /// With objects that fill a slab each, the slabs kept are the processor's and as many as the cache may keep.
  @Test(arguments: [0, 1, 5, nil] as [Int?])
  func asManySlabsAreKeptAsTheCacheMay(_ least: Int?) {
    var kernel = Self.machine(32768, keeps: least)
    #expect(kernel.caches[0].objectsPerSlab == 1)
    let objects = (0..<12).map { kernel.allocate(cache: 0, label: "o\($0)") }
    for object in objects { kernel.free(object) }
    // ilog2(32768) / 2 = 7.
    #expect(12 - Self.gone(kernel) == 1 + (least ?? 7))
    #expect(kernel.caches[0].minPartial == least ?? 7)
  }

  /// A slab with an object in use is kept, and so is the one that slots are taken from.
  @Test func onlyEmptySlabsGo() {
    var kernel = Self.machine(16384, keeps: 0)
    let objects = (0..<3).map { kernel.allocate(cache: 0, label: "o\($0)") }
    kernel.free(objects[0])
    #expect(Self.gone(kernel) == 0)
    kernel.free(objects[2])
    #expect(Self.gone(kernel) == 0)
    kernel.free(objects[1])
    #expect(Self.gone(kernel) == 1 && kernel.slabs[0].isGone)
    #expect(kernel.object(at: objects[0]) == nil)
    let again = kernel.free(objects[0])
    #expect(!again)
    var slab = Self.machine(16384, keeps: 0, allocator: .slab)
    for object in (0..<3).map({ slab.allocate(cache: 0, label: "o\($0)") }) { slab.free(object) }
    #expect(Self.gone(slab) == 0)
  }

  /// The pages are handed out again, whole or split, the lower half first, with what they held.
  @Test func pagesAreTakenByWhoAsksNext() {
    var kernel = Self.machine(16384, keeps: 0)
    let objects = (0..<3).map { kernel.allocate(cache: 0, label: "o\($0)") }
    kernel.write([7, 7], at: objects[0])
    for object in objects.prefix(2) { kernel.free(object) }
    let small = kernel.createCache(CacheRequest(name: "small", objectSize: 192, window: 0..<0))
    let taken = kernel.allocate(cache: small, label: "taken")
    #expect(taken == objects[0] && kernel.memory[taken] == 7)
    let attempt = CopyAttempt(entry: .copyToUser, kernel: objects[0], user: 0, length: 8)
    #expect(kernel.judge(attempt, under: .linux6_1).log.first?.contains("'small'") == true)
    // The page behind is left over, and 2 and 4 pages of the 8.
    let (base, page) = (objects[0], Memory.pageSize)
    let orders = [1, 0, 3, 2].map { kernel.takePages(order: $0) }
    #expect(orders[0] == base + 2 * page && orders[1] == base + page)
    #expect(orders[2] > objects[2] && orders[3] == base + 4 * page)
    #expect(kernel.givenBack.isEmpty)
  }
}
