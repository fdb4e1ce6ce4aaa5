/// How SLAB lays out slots since 3.13, when its descriptor moved into `struct page` (mm/slab.c).
///
/// Sizes in bytes. Checked against the caches recorded from builds of 5.10 and 6.1.
struct ModernSLAB {
  let word: UInt64

  /// Where the index of free slots lies.
  private enum Freelist {
    case inAnObject
    case outside
    case endOfSlab
  }

  private struct Fit {
    var order: Int
    var count: UInt64
    var leftover: UInt64
  }

  /// `__kmem_cache_create()`.
  func cache(_ request: CacheRequest) -> SlabCache {
    var flags = request.flags
    let align = SlabGeometry.alignment(request)
    if align > 8 { flags.subtract([.redZone, .storeUser]) }
    let object = request.objectSize
    var size = object.aligned(up: word)
    var objOffset: UInt64 = 0
    if flags.contains(.redZone) {
      objOffset = 8
      size = size.aligned(up: 8) + 16
    }
    if flags.contains(.storeUser) { size += flags.contains(.redZone) ? 8 : word }
    size = size.aligned(up: align)
    if size < 16 { size = UInt64(16).aligned(up: align) }
    let fit = fit(size, object, flags)
    let step = max(64, align)
    let window = request.validWindow
    return SlabCache(
      name: request.name, objectSize: object, stride: size, align: align, objOffset: objOffset,
      order: fit.order, objectsPerSlab: Int(fit.count), flags: flags,
      useroffset: window.lowerBound, usersize: window.upperBound - window.lowerBound,
      colourStep: step, colours: Int(fit.leftover / step))
  }

  /// `CONFIG_DEBUG_SLAB` for a cache of that size: not where it would pass a power of two.
  static func isDebugged(objectSize size: UInt64) -> Bool {
    guard size >= 4096 else { return true }
    return (size - 1).leadingZeroBitCount == (size - 1 + 24).leadingZeroBitCount
  }

  /// The first arrangement that works: index in an object, outside, at the end of the slab.
  private func fit(_ size: UInt64, _ object: UInt64, _ flags: CacheFlags) -> Fit {
    if flags.isDisjoint(with: [.constructor, .typesafeByRCU]),
      let fit = slabOrder(size, .inAnObject), fit.count <= object
    {
      return fit
    }
    if let fit = slabOrder(size, .outside), fit.leftover < fit.count { return fit }
    return slabOrder(size, .endOfSlab) ?? Fit(order: 10, count: 1, leftover: 0)
  }

  /// `calculate_slab_order()`: at most 255 objects, order 1 at most where it can be helped.
  private func slabOrder(_ size: UInt64, _ freelist: Freelist) -> Fit? {
    var best: Fit?
    for order in 0...10 {
      let bytes = Memory.pageSize << UInt64(order)
      let each = freelist == .endOfSlab ? size + 1 : size
      let count = bytes / each
      guard count > 0 else { continue }
      guard count <= 255 else { break }
      if freelist == .outside, indexCache(count) > size / 2 { continue }
      best = Fit(order: order, count: count, leftover: bytes % each)
      if order >= 1 || bytes % each * 8 <= bytes { break }
    }
    return best
  }

  /// Size of the kmalloc cache an index of `count` bytes comes from.
  private func indexCache(_ count: UInt64) -> UInt64 {
    ([32, 64, 96, 128, 192, 256] as [UInt64]).first { $0 >= count } ?? 256
  }
}
