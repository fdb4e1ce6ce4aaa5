/// What is known of one slab cache of a running (or saved) kernel. Sizes in bytes; what the kernel
/// does not show, or would not let be read, is nil.
public struct CacheInfo: Sendable, Equatable {
  /// Name of the directory or line; a merged cache has many, see `aliases`.
  public var name: String
  /// The kernel's own id of a merged cache (":0000064", ":A-0001280"), if it has one.
  public var id: String?
  /// Other names of the same cache, sorted.
  public var aliases: [String] = []
  /// Bytes of an object that its owner may use.
  public var objectSize: UInt64?
  /// Distance from one object to the next ("slab_size" in sysfs).
  public var stride: UInt64?
  /// Objects in one slab.
  public var objectsPerSlab: UInt64?
  /// A slab takes 2^order pages.
  public var order: UInt64?
  /// Alignment of objects in bytes.
  public var align: UInt64?
  /// Length of the part of an object that may be copied to and from user space.
  public var usersize: UInt64?
  /// Start of that part; sysfs does not show it.
  public var useroffset: UInt64?
  /// Properties that are switched on.
  public var flags: Set<CacheFlag> = []
  /// Address or symbol of the constructor.
  public var constructor: String?
  /// Objects in use.
  public var activeObjects: UInt64?
  /// Objects there is room for in the slabs that exist.
  public var totalObjects: UInt64?
  /// Whether SLAB made it, by its tunables; nil where nothing tells.
  public var isSLAB: Bool?
  /// What could not be read.
  public var unread: [UnreadAttribute] = []

  /// A cache of which only the name is known.
  public init(name: String) { self.name = name }
}

/// Properties of a cache, by the names of their files in sysfs.
public enum CacheFlag: String, Sendable, CaseIterable {
  /// Bytes around each object are watched.
  case redZone = "red_zone"
  /// Free objects are filled with a pattern.
  case poison = "poison"
  /// Who allocated and freed each object is kept.
  case storeUser = "store_user"
  /// Free lists and slabs are checked.
  case sanityChecks = "sanity_checks"
  /// Allocations are logged.
  case trace = "trace"
  /// Objects start on cache lines.
  case hwcacheAlign = "hwcache_align"
  /// The memory counts as reclaimable.
  case reclaimAccount = "reclaim_account"
  /// Slabs are given back after a grace period.
  case destroyByRCU = "destroy_by_rcu"
  /// The memory is taken from the DMA zone.
  case cacheDMA = "cache_dma"
}

/// Why something could not be read.
public enum ReadFailure: Error, Sendable, Equatable {
  /// There is no such file.
  case notFound
  /// The kernel does not let this user read it.
  case notPermitted
  /// Any other error number.
  case failed(errno: Int32)
  /// It was read and is no number.
  case notANumber
}

/// An attribute that could not be read, and why.
public struct UnreadAttribute: Sendable, Equatable {
  /// Name of the file.
  public var attribute: String
  /// What went wrong.
  public var reason: ReadFailure

  /// Makes one from its parts.
  public init(attribute: String, reason: ReadFailure) {
    self.attribute = attribute
    self.reason = reason
  }
}
