public import Usercopy

/// A slab cache as a snapshot tells it; all sizes in bytes.
public struct SnapshotCache: Sendable, Hashable {
  /// Its name.
  public var name: String
  /// Caches that were merged into it.
  public var aliases: [String] = []
  /// Bytes of an object.
  public var objectSize: UInt64
  /// Bytes from one slot to the next.
  public var stride: UInt64
  /// Alignment of objects.
  public var align: UInt64
  /// End of the object and its right red zone.
  public var inuse: UInt64
  /// Where a free object keeps its pointer, from the object's first byte; nil where it is not told.
  public var freeptrOffset: UInt64?
  /// Bytes of a slot before the object.
  public var redLeftPad: UInt64
  /// It has red zones.
  public var hasRedZone: Bool
  /// `SLAB_POISON` is set.
  public var isPoisoned: Bool
  /// Freed objects really are filled (`__OBJECT_POISON`).
  public var fillsObjects: Bool
  /// It keeps who took and gave back each object.
  public var keepsTracks: Bool
  /// Pages of a slab as a power of two.
  public var order: Int
  /// Pages of 4096 bytes in one of the kernel's, as a power of two.
  public var pageOrder = 0
  /// Objects of a slab.
  public var objectsPerSlab: Int
  /// Names of its flags, without `SLAB_`.
  public var flags: [String] = []
  /// Start of the window that may be copied; nil where it is not told.
  public var useroffset: UInt64?
  /// Bytes of the window; nil where it is not told.
  public var usersize: UInt64?
  /// The number free pointers are encoded with.
  public var random: UInt64?
  /// Its constructor; nil for none.
  public var constructor: String?
  /// Slabs, objects and free objects it has in all; nil where they could not be counted.
  public var slabs: Int?
  /// Objects in all its slabs.
  public var objects: Int?
  /// Free ones of them.
  public var free: Int?

  /// A cache of that name and size, its slots without anything around them.
  public init(name: String, objectSize: UInt64, stride: UInt64, order: Int, objectsPerSlab: Int) {
    self.name = name
    self.objectSize = objectSize
    self.stride = stride
    align = 8
    inuse = objectSize
    redLeftPad = 0
    hasRedZone = false
    isPoisoned = false
    fillsObjects = false
    keepsTracks = false
    self.order = order
    self.objectsPerSlab = objectsPerSlab
  }

  /// Bytes of one of its slabs.
  public var slabBytes: UInt64 { Memory.pageSize << UInt64(order + pageOrder) }

  /// Which of its bytes may be copied is told.
  public var tellsWindow: Bool { useroffset != nil && usersize != nil }

  /// Its layout, to be taken as given.
  public var geometry: GivenGeometry {
    GivenGeometry(
      stride: stride, order: order + pageOrder, objects: objectsPerSlab, inuse: inuse,
      freeptrOffset: freeptrOffset, redLeftPad: redLeftPad, random: random)
  }

  /// The request that makes this cache in a machine.
  public var request: CacheRequest {
    var flags: CacheFlags = []
    for (name, flag) in [
      ("HWCACHE_ALIGN", CacheFlags.hwcacheAlign), ("TYPESAFE_BY_RCU", .typesafeByRCU),
    ] where self.flags.contains(name) {
      flags.insert(flag)
    }
    if hasRedZone { flags.insert(.redZone) }
    if isPoisoned { flags.insert(.poison) }
    if keepsTracks { flags.insert(.storeUser) }
    if constructor != nil { flags.insert(.constructor) }
    // Where nothing tells, all of an object counts as what may be copied.
    if !tellsWindow || (usersize ?? 0) > 0 { flags.insert(.usercopy) }
    var request = CacheRequest(
      name: name, objectSize: objectSize, align: align, flags: flags,
      window: useroffset.flatMap { start in usersize.map { start..<start + $0 } })
    request.given = geometry
    request.isWindowKnown = tellsWindow
    return request
  }
}
