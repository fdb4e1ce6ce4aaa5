/// A slab cache: how its slots are laid out and which bytes of an object may be copied.
///
/// All sizes and offsets are bytes. Models `struct kmem_cache` of both allocators.
public struct SlabCache: Sendable, Hashable {
  /// Name as `/proc/slabinfo` and reports print it.
  public var name: String
  /// Names of caches asked for later that share it.
  public internal(set) var aliases: [String] = []
  /// The size the creator asked for (`objsize`, later `object_size`).
  public var objectSize: UInt64
  /// What a check takes for an object's size: SLAB without debugging counts the whole slot.
  public var checkedSize: UInt64
  /// Distance between neighbouring slots (`size`, SLAB's `buffer_size`).
  public var stride: UInt64
  /// Alignment of objects, bytes.
  public var align: UInt64
  /// SLAB with debugging: bytes of a slot before the object (`obj_offset`).
  public var objOffset: UInt64
  /// SLUB since 4.6 with red zones: bytes of a slot before the object (`red_left_pad`).
  public var redLeftPad: UInt64
  /// SLOB of PaX: bytes of a slot before the object, in which its size stands.
  public internal(set) var chunkHeader: UInt64 = 0
  /// Bytes of a slot before the object.
  public var objectStart: UInt64 { objOffset + redLeftPad + chunkHeader }
  /// SLUB: end of the object and its right red zone; metadata may follow.
  public var inuse: UInt64
  /// SLUB: where a free object keeps its free-list pointer, from the object.
  public var freeptrOffset: UInt64
  /// Pages of a slab as a power of two.
  public var order: Int
  /// Objects a slab holds (`num`).
  public var objectsPerSlab: Int
  /// Flags it was made with, debugging among them.
  public var flags: CacheFlags
  /// The window of an object that may be copied, since 4.16.
  public var useroffset: UInt64
  /// Bytes of the window.
  public var usersize: UInt64
  /// SLAB: distance between colours and how many there are.
  public var colourStep: UInt64
  /// How many colours there are.
  public var colours: Int
  /// SLAB: whether the management area lies in front of the objects, and its size.
  public var managementBytes: UInt64
  /// The number free pointers are encoded with (`random`), where one is given; else it is made up.
  public var random: UInt64?
  /// SLUB: how many slabs with free slots the cache keeps before an empty one is given back.
  public internal(set) var minPartial = 5
  /// SLUB: the slab that the processor takes slots from, an index into `Kernel.slabs`.
  var current: Int?
  /// Which bytes may be copied is known; where not, verdicts hang on what is assumed.
  public var isWindowKnown = true

  /// Bytes of a slot that may be used from the object's start (`slab_ksize` of SLUB).
  public var usableSize: UInt64 {
    if !flags.isDisjoint(with: [.redZone, .poison, .redZoneFlagOnly]) { return objectSize }
    return flags.isDisjoint(with: [.storeUser, .typesafeByRCU]) ? stride : inuse
  }

  /// `init_on_alloc=` and `init_on_free=` clear its objects (`slab_want_init_on_alloc()`).
  public var canBeCleared: Bool {
    flags.isDisjoint(with: [.constructor, .typesafeByRCU, .poison])
  }

  /// Bytes of a slab.
  public var slabBytes: UInt64 { Memory.pageSize << UInt64(min(max(order, 0), 10)) }

  /// A cache from its parts.
  public init(
    name: String, objectSize: UInt64, checkedSize: UInt64? = nil, stride: UInt64, align: UInt64 = 8,
    objOffset: UInt64 = 0, redLeftPad: UInt64 = 0, inuse: UInt64? = nil, freeptrOffset: UInt64 = 0,
    order: Int = 0, objectsPerSlab: Int, flags: CacheFlags = [], useroffset: UInt64 = 0,
    usersize: UInt64? = nil, colourStep: UInt64 = 64, colours: Int = 0, managementBytes: UInt64 = 0
  ) {
    self.name = name
    self.objectSize = Self.bounded(objectSize)
    self.checkedSize = Self.bounded(checkedSize ?? objectSize)
    self.stride = max(1, Self.bounded(stride))
    self.align = Self.bounded(align)
    self.objOffset = Self.bounded(objOffset)
    self.redLeftPad = Self.bounded(redLeftPad)
    self.inuse = Self.bounded(inuse ?? objectSize)
    self.freeptrOffset = Self.bounded(freeptrOffset)
    self.order = order
    self.objectsPerSlab = min(max(0, objectsPerSlab), 1 << 20)
    self.flags = flags
    self.useroffset = Self.bounded(useroffset)
    self.usersize = Self.bounded(usersize ?? objectSize)
    self.colourStep = Self.bounded(colourStep)
    self.colours = colours
    self.managementBytes = Self.bounded(managementBytes)
  }
}

extension SlabCache {
  /// Sizes stay far below where sums of them could overflow.
  private static func bounded(_ bytes: UInt64) -> UInt64 { min(bytes, 1 << 40) }
}

/// Cache creation flags that a copy's fate or a slot's layout depends on.
public struct CacheFlags: OptionSet, Sendable, Hashable {
  /// A bit a flag.
  public let rawValue: UInt16
  /// Flags from their bits.
  public init(rawValue: UInt16) { self.rawValue = rawValue }

  /// `SLAB_HWCACHE_ALIGN`.
  public static let hwcacheAlign = CacheFlags(rawValue: 1)
  /// `SLAB_RED_ZONE`.
  public static let redZone = CacheFlags(rawValue: 2)
  /// `SLAB_POISON`.
  public static let poison = CacheFlags(rawValue: 4)
  /// `SLAB_STORE_USER`.
  public static let storeUser = CacheFlags(rawValue: 8)
  /// `SLAB_TYPESAFE_BY_RCU`, once `SLAB_DESTROY_BY_RCU`.
  public static let typesafeByRCU = CacheFlags(rawValue: 16)
  /// PaX `SLAB_USERCOPY`: objects may be copied to and from user space.
  public static let usercopy = CacheFlags(rawValue: 32)
  /// The red zone flag was asked for but has no effect (5.10 without `slub_debug=`).
  public static let redZoneFlagOnly = CacheFlags(rawValue: 64)
  /// Has a constructor: the free pointer may not overwrite the object.
  public static let constructor = CacheFlags(rawValue: 128)

  /// The flags by the names kernels print.
  public static let names: [(CacheFlags, String)] = [
    (.hwcacheAlign, "SLAB_HWCACHE_ALIGN"), (.redZone, "SLAB_RED_ZONE"), (.poison, "SLAB_POISON"),
    (.storeUser, "SLAB_STORE_USER"), (.typesafeByRCU, "SLAB_TYPESAFE_BY_RCU"),
    (.usercopy, "SLAB_USERCOPY"),
  ]
}
