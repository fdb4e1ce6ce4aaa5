/// How SLOB of a kernel with PaX lays out slots: each object is a chunk with a header in front that holds its size
/// and its alignment (`__kmalloc_node_align()` of PaX's mm/slob.c).
///
/// SLOB proper packs chunks of all sizes into a page by first fit; here the chunks of a page are of one cache.
struct SlobGeometry {
  /// Bytes of a unit, in which free chunks are counted (`SLOB_UNIT`).
  static let unit: UInt64 = 2

  /// Bytes of a chunk of `size` bytes with its header, in whole units.
  static func chunk(_ size: UInt64, align: UInt64) -> UInt64 {
    (size + align).aligned(up: unit)
  }

  /// The cache made of a request. Objects of nearly a page have pages of their own, without a header.
  static func cache(_ request: CacheRequest) -> SlabCache {
    let line: UInt64 = request.flags.contains(.hwcacheAlign) ? 64 : 0
    let align = max(request.align, line, SlabGeometry.leastAlignment)
    let hasHeader = request.objectSize < Memory.pageSize - min(align, Memory.pageSize)
    var order = 0
    while !hasHeader, Memory.pageSize << UInt64(order) < request.objectSize, order < 10 {
      order += 1
    }
    let bytes = Memory.pageSize << UInt64(order)
    let stride = hasHeader ? chunk(request.objectSize, align: align).aligned(up: align) : bytes
    var cache = SlabCache(
      name: request.name, objectSize: request.objectSize, stride: stride, align: align,
      order: order, objectsPerSlab: Int(bytes / stride),
      flags: request.flags.subtracting([.redZone, .poison, .storeUser]))
    cache.chunkHeader = hasHeader ? align : 0
    return cache
  }
}
