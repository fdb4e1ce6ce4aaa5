public import KernelHistory

/// What a cache's creator asks for; the allocator makes a `SlabCache` of it.
public struct CacheRequest: Sendable, Hashable {
  /// Name of the cache.
  public var name: String
  /// Bytes of an object, at least 1.
  public var objectSize: UInt64
  /// Wanted alignment, 0 for the allocator's own.
  public var align: UInt64
  /// Flags asked for.
  public var flags: CacheFlags
  /// Window for copies; nil for the whole object.
  public var window: Range<UInt64>?
  /// Smallest and largest slab order (`slub_min_order`, `slub_max_order`).
  public var orders: ClosedRange<Int>
  /// One of kmalloc's own caches.
  public var isKmalloc: Bool
  /// How a kernel says its slots are laid out; nil for as the allocator computes it.
  public var given: GivenGeometry?
  /// What `/sys/kernel/slab/NAME/min_partial` was set to; nil for what the allocator chooses.
  public var minPartial: Int?
  /// Which bytes may be copied is known; where not, verdicts hang on what is assumed.
  public var isWindowKnown = true
  /// `slub_debug=O`: debugging is dropped where it would need a larger slab.
  public var sameOrderOnly = false

  /// A request from its parts.
  public init(
    name: String, objectSize: UInt64, align: UInt64 = 0, flags: CacheFlags = [],
    window: Range<UInt64>? = nil, orders: ClosedRange<Int> = 0...3, isKmalloc: Bool = false
  ) {
    self.name = name
    self.objectSize = max(1, objectSize)
    self.align = align
    self.flags = flags
    self.window = window
    self.orders = orders
    self.isKmalloc = isKmalloc
  }

  /// The window as `kmem_cache_create_usercopy()` takes it: one that does not fit is dropped.
  var validWindow: Range<UInt64> {
    guard let window else { return 0..<objectSize }
    return window.isEmpty || window.upperBound > objectSize ? 0..<0 : window
  }
}

/// How an allocator lays out the slots of a cache.
public enum SlabGeometry: Sendable, Hashable {
  /// SLAB of 2011 (`kmem_cache_create`, `calculate_slab_order` of mm/slab.c 3.0).
  case slab2011
  /// SLUB of 2011 (`calculate_sizes`, `calculate_order` of mm/slub.c 3.0).
  case slub2011
  /// SLAB since 3.13.
  case slab(KernelVersion)
  /// SLUB since 4.6, with a red zone to the left of objects too.
  case slub(KernelVersion)
  /// SLOB of a kernel with PaX.
  case slobOfPaX

  /// What a configuration's allocator does.
  public init(_ configuration: Configuration) {
    let release = configuration.release
    switch configuration.allocator {
    case .slob where configuration.isPaX: self = .slobOfPaX
    case .slab:
      self = AllocatorChange.slabDescriptorInPage.holds(in: release) ? .slab(release) : .slab2011
    case .slub, .slob:
      self = AllocatorChange.leftRedZone.holds(in: release) ? .slub(release) : .slub2011
    }
  }

  /// The cache an allocator makes of `request`.
  public func cache(_ request: CacheRequest, wordSize: WordSize) -> SlabCache {
    let computed = computed(request, wordSize: wordSize)
    var cache = request.given.map(computed.laid(out:)) ?? computed
    cache.isWindowKnown = request.isWindowKnown
    cache.minPartial = request.minPartial ?? Self.minPartial(cache.stride)
    return cache
  }

  /// `set_min_partial()`: half the binary logarithm of the slot's size, 5 at least and 10 at most.
  private static func minPartial(_ stride: UInt64) -> Int {
    min(max((UInt64.bitWidth - 1 - stride.leadingZeroBitCount) / 2, 5), 10)
  }

  private func computed(_ request: CacheRequest, wordSize: WordSize) -> SlabCache {
    switch self {
    case .slab2011: Self.slab2011(request, word: wordSize.bytes)
    case .slub2011: Self.slub2011(request, word: wordSize.bytes)
    case .slab: ModernSLAB(word: wordSize.bytes).cache(request)
    case .slobOfPaX: SlobGeometry.cache(request)
    case .slub(let release): ModernSLUB(release: release, word: wordSize.bytes).cache(request)
    }
  }

  /// `ARCH_SLAB_MINALIGN`, `__alignof__(unsigned long long)`: 8 on 32 bit too. SLAB until 3.5 takes the word.
  static let leastAlignment: UInt64 = 8

  /// The alignment a request ends up with (`calculate_alignment`).
  static func alignment(_ request: CacheRequest, least: UInt64 = leastAlignment) -> UInt64 {
    var align = max(request.align, least)
    if request.flags.contains(.hwcacheAlign) {
      var line: UInt64 = 64
      while request.objectSize <= line / 2 { line /= 2 }
      align = max(align, line)
    }
    return align
  }

  static func slab2011(_ request: CacheRequest, word: UInt64) -> SlabCache {
    let debug = request.flags.contains(.redZone)
    var size = request.objectSize.aligned(up: word)
    var objOffset: UInt64 = 0
    if debug {
      objOffset = 8
      size = size.aligned(up: 8) + 16
    }
    if request.flags.contains(.storeUser) { size += debug ? 8 : word }
    let least = debug || request.isKmalloc ? 8 : word
    let align = debug ? max(request.align, least) : alignment(request, least: least)
    size = size.aligned(up: align)
    let offSlab = size >= Memory.pageSize / 8
    let (order, count) = slabOrder(size: size, offSlab: offSlab, word: word, align: align)
    let descriptor = UInt64(count) * 4 + (word == 4 ? 28 : 48)
    let management = offSlab ? 0 : descriptor.aligned(up: align)
    let slabBytes = Memory.pageSize << UInt64(order)
    let leftover = slabBytes - min(slabBytes, management + UInt64(count) * size)
    let step = max(64, align)
    return SlabCache(
      name: request.name, objectSize: request.objectSize,
      checkedSize: debug || request.flags.contains(.storeUser) ? request.objectSize : size,
      stride: size, align: align, objOffset: objOffset, order: order, objectsPerSlab: count,
      flags: request.flags, useroffset: request.window?.lowerBound ?? 0,
      usersize: request.window.map { $0.upperBound - $0.lowerBound }, colourStep: step,
      colours: Int(leftover / step), managementBytes: management)
  }

  /// `calculate_slab_order()` with `cache_estimate()`.
  private static func slabOrder(
    size: UInt64, offSlab: Bool, word: UInt64, align: UInt64
  ) -> (order: Int, count: Int) {
    var best = (order: 0, count: 1)
    for order in 0...10 {
      let bytes = Memory.pageSize << UInt64(order)
      let count: UInt64
      if offSlab {
        count = bytes / size
      } else {
        let descriptor: UInt64 = word == 4 ? 28 : 48
        var guess = (bytes - min(bytes, descriptor)) / (size + 4)
        while guess > 0, (descriptor + guess * 4).aligned(up: align) + guess * size > bytes {
          guess -= 1
        }
        count = guess
      }
      guard count > 0 else { continue }
      best = (order, Int(count))
      let management = offSlab ? 0 : ((word == 4 ? 28 : 48) + count * 4).aligned(up: align)
      let leftover = bytes - count * size - management
      if order >= 1 || leftover * 8 <= bytes { break }
    }
    return best
  }

  static func slub2011(_ request: CacheRequest, word: UInt64) -> SlabCache {
    let align = alignment(request)
    let flags = request.flags
    var size = request.objectSize.aligned(up: word)
    if flags.contains(.redZone), size == request.objectSize { size += word }
    let inuse = size
    var freeptr: UInt64 = 0
    let outside: CacheFlags = [.typesafeByRCU, .poison, .constructor]
    if !flags.isDisjoint(with: outside) {
      freeptr = size
      size += word
    }
    if flags.contains(.storeUser) { size += word == 4 ? 48 : 64 }
    if flags.contains(.redZone) { size += word }
    size = size.aligned(up: align)
    let order = slubOrder(size: size, orders: request.orders)
    return SlabCache(
      name: request.name, objectSize: request.objectSize, stride: size, align: align, inuse: inuse,
      freeptrOffset: freeptr, order: order,
      objectsPerSlab: Int((Memory.pageSize << UInt64(order)) / size), flags: flags,
      useroffset: request.window?.lowerBound ?? 0,
      usersize: request.window.map { $0.upperBound - $0.lowerBound })
  }

  /// `calculate_order()`: the smallest order that wastes little, for one object a slab. Kernels ask for
  /// four a processor and four more, fewer if need be; slabs are kept small here so that they can be shown.
  static func slubOrder(size: UInt64, orders: ClosedRange<Int>) -> Int {
    for fraction in [16, 8, 4] as [UInt64] {
      if let order = slubOrder(size, 1, orders, fraction) { return order }
    }
    return slubOrder(size, 1, 0...orders.upperBound, 1) ?? slubOrder(size, 1, 0...10, 1) ?? 10
  }

  private static func slubOrder(
    _ size: UInt64, _ objects: UInt64, _ orders: ClosedRange<Int>, _ fraction: UInt64
  ) -> Int? {
    orders.first { order in
      let bytes = Memory.pageSize << UInt64(min(max(order, 0), 10))
      return bytes >= size * objects && bytes % size <= bytes / fraction
    }
  }
}
