public import KernelHistory

extension Kernel {
  /// `kmalloc()`: an object of the smallest size class that holds `size` bytes, or whole pages
  /// above the largest class. Nil above 4 MiB; 16 (`ZERO_SIZE_PTR`) for no bytes at all.
  ///
  /// `accounted` asks for `GFP_KERNEL_ACCOUNT`, which has caches of its own since 5.14; `wanted` for a slot;
  /// `zeroed` for `__GFP_ZERO`, as `kzalloc()` does; `layout` is the structure its owner keeps in it.
  public mutating func kmalloc(
    _ size: UInt64, label: String, accounted: Bool = false, at wanted: Int? = nil,
    zeroed: Bool = false, layout: StructLayout? = nil
  ) -> Address? {
    guard size <= 4 << 20 else { return nil }
    guard size > 0 else { return 16 }
    guard let index = kmallocCache(for: size, accounted: accounted) else {
      var order = 0
      while Memory.pageSize << UInt64(order) < size { order += 1 }
      let base = takePages(
        order: order, use: .compound(bytes: Memory.pageSize << UInt64(order)), requested: size,
        label: label, layout: layout)
      if zeroed || configuration.initOnAlloc, let holder = pages.block(at: base)?.holder {
        initialise(holder, length: Memory.pageSize << UInt64(order))
      }
      return base
    }
    return allocate(
      cache: index, label: label, requestedSize: size, at: wanted, zeroed: zeroed, layout: layout)
  }

  /// The kmalloc cache for `size`, created when first asked for; nil for page allocations.
  public mutating func kmallocCache(for size: UInt64, accounted: Bool = false) -> Int? {
    let classes = KmallocClasses(configuration)
    guard let room = classes.room(for: size) else { return nil }
    let name = classes.name(room, accounted: accounted)
    if let known = cache(named: name) { return known }
    return createCache(
      CacheRequest(
        name: name, objectSize: room, align: classes.alignment(room), flags: .usercopy,
        isKmalloc: true))
  }

  /// What the kmalloc cache of that size class is called.
  public func kmallocName(_ size: UInt64) -> String { KmallocClasses(configuration).name(size) }

  /// Size classes of `kmalloc()` that every allocator has, bytes.
  public static let kmallocSizes: [UInt64] = CacheNames.kmallocSizes
}

/// The size classes of `kmalloc()` (mm/slab_common.c), by allocator and release.
public struct KmallocClasses: Sendable, Hashable {
  /// The allocator whose classes they are.
  public var allocator: Allocator
  /// The release that lays them out and names them.
  public var release: KernelVersion

  /// The classes of a configuration.
  public init(_ configuration: Configuration) {
    allocator = configuration.allocator
    release = configuration.release
  }

  /// Bytes of the smallest class: SLAB begins at 32.
  public var smallest: UInt64 { allocator == .slab ? 32 : 8 }

  /// Bytes of the largest class; what is larger comes from the page allocator. SLAB went up to
  /// 4 MiB until 6.1.
  public var largest: UInt64 {
    allocator == .slab && AllocatorChange.slabLargeClasses.holds(in: release) ? 4 << 20 : 8192
  }

  /// The class that holds `size` bytes.
  public func room(for size: UInt64) -> UInt64? {
    guard size <= largest else { return nil }
    if let known = Kernel.kmallocSizes.first(where: { $0 >= max(size, smallest) }) { return known }
    var room: UInt64 = 16384
    while room < size { room *= 2 }
    return room
  }

  /// Alignment of a class: natural for powers of two since 5.4, for all since 6.11.
  public func alignment(_ room: UInt64) -> UInt64 {
    let divisor = room & (~room &+ 1)
    if AllocatorChange.fullAlignment.holds(in: release) { return divisor }
    return AllocatorChange.naturalAlignment.holds(in: release) && divisor == room ? room : 0
  }

  /// `size-64`, `kmalloc-64`, `kmalloc-1k` (since 4.20) or `kmalloc-cg-64` (since 5.14).
  public func name(_ room: UInt64, accounted: Bool = false) -> String {
    if allocator == .slab, AllocatorChange.sizeNames.holds(in: release) { return "size-\(room)" }
    let group =
      accounted && AllocatorChange.accountNames.holds(in: release) ? "kmalloc-cg-" : "kmalloc-"
    guard AllocatorChange.shortNames.holds(in: release), room >= CacheNames.leastShort else {
      return group + "\(room)"
    }
    return group + (room >= 1 << 20 ? "\(room >> 20)M" : "\(room >> 10)k")
  }
}
