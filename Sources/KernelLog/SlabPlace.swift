/// Where an address lies in a slab of a cache. Slabs start at a multiple of their own size, as the page allocator hands
/// them out, and SLUB puts the first object at a slab's start.
public struct SlabPlace: Sendable, Equatable {
  /// First byte of the slab.
  public var slab: UInt64
  /// Number of the slot, from 0; nil for the rest behind the last one.
  public var slot: UInt64?
  /// First byte of the slot.
  public var start: UInt64
  /// Distance from the slot's first byte.
  public var offset: UInt64
  /// Bytes from the address to the object's end; 0 in the padding behind it.
  public var left: UInt64

  /// Nil where the cache's stride or order is not known.
  public init?(_ address: UInt64, in cache: CacheInfo) {
    guard let stride = cache.stride, stride > 0, let order = cache.order, order < 20 else {
      return nil
    }
    let bytes = UInt64(4096) << order
    slab = address & ~(bytes - 1)
    let distance = address - slab
    let number = distance / stride
    let count = cache.objectsPerSlab ?? bytes / stride
    slot = number < count ? number : nil
    start = slab + number * stride
    offset = distance % stride
    let size = min(cache.objectSize ?? stride, stride)
    left = slot != nil && offset < size ? size - offset : 0
  }
}
