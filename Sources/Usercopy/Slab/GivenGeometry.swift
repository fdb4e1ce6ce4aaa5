/// The layout of a cache's slots as a kernel tells it: taken as it is, never computed.
///
/// Constructors, merging, minimum alignments and debugging change it, and so does each release. All in bytes.
public struct GivenGeometry: Sendable, Hashable {
  /// Distance between neighbouring slots (`size`).
  public var stride: UInt64
  /// Pages of a slab as a power of two.
  public var order: Int
  /// Objects of a slab.
  public var objects: Int
  /// End of the object and its right red zone (`inuse`); nil for as the allocator does.
  public var inuse: UInt64?
  /// Where a free object keeps its pointer, from the object's first byte; nil for as the allocator does.
  public var freeptrOffset: UInt64?
  /// Bytes of a slot before the object (`red_left_pad`); nil for as the allocator does.
  public var redLeftPad: UInt64?
  /// The number that free pointers are encoded with; nil for one made up.
  public var random: UInt64?

  /// A layout from its parts.
  public init(
    stride: UInt64, order: Int, objects: Int, inuse: UInt64? = nil, freeptrOffset: UInt64? = nil,
    redLeftPad: UInt64? = nil, random: UInt64? = nil
  ) {
    self.stride = stride
    self.order = order
    self.objects = objects
    self.inuse = inuse
    self.freeptrOffset = freeptrOffset
    self.redLeftPad = redLeftPad
    self.random = random
  }

  /// Most objects of a slab (`MAX_OBJS_PER_PAGE`).
  public static let mostObjects = 32_767
  /// Largest order of a slab (`MAX_ORDER`).
  public static let largestOrder = 10

  /// Whether the objects fit into the slab.
  public var fits: Bool {
    guard (0...Self.largestOrder).contains(order), (1...Self.mostObjects).contains(objects),
      (1...UInt64(4 << 20)).contains(stride)
    else { return false }
    return UInt64(objects) * stride <= Memory.pageSize << UInt64(order)
  }
}

extension SlabCache {
  /// The cache with the layout that a kernel tells.
  func laid(out given: GivenGeometry) -> SlabCache {
    var cache = self
    cache.stride = max(1, given.stride)
    cache.order = given.order
    cache.objectsPerSlab = min(max(0, given.objects), GivenGeometry.mostObjects)
    cache.inuse = min(given.inuse ?? inuse, cache.stride)
    cache.redLeftPad = min(given.redLeftPad ?? redLeftPad, cache.stride)
    cache.random = given.random
    cache.freeptrOffset = given.freeptrOffset ?? freeptrOffset
    return cache
  }
}
