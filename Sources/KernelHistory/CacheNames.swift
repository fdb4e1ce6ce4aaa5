/// What the names of slab caches tell.
public enum CacheNames {
  /// Size classes of `kmalloc()` that every allocator has, bytes.
  public static let kmallocSizes: [UInt64] = [
    8, 16, 32, 64, 96, 128, 192, 256, 512, 1024, 2048, 4096, 8192,
  ]

  /// Smallest size class whose name may be short, bytes.
  public static let leastShort: UInt64 = 1024

  /// Sizes of objects of caches whose name carries no number, bytes: path names are one page in every
  /// kernel that has the cache.
  public static let objectSizes: [String: UInt64] = ["names_cache": 4096]

  /// Bytes of one vector in the caches called `biovec-N`.
  public static let biovec: UInt64 = 16

  /// The names of caches that came with one change: the start of a name, or all of it.
  public struct Family: Sendable, Hashable {
    /// The whole name, or how it starts.
    public var name: String
    /// The name goes on behind that.
    public var isPrefix: Bool
    /// What brought it.
    public var change: AllocatorChange

    /// A cache of that name belongs to the family.
    public func contains(_ cache: String) -> Bool {
      isPrefix ? cache.hasPrefix(name) : cache == name
    }
  }

  /// Families of caches by the change that brought them.
  public static let families: [Family] = [
    Family(name: "skbuff_small_head", isPrefix: false, change: .skbHeads),
    Family(name: "kmalloc-rnd-", isPrefix: true, change: .randomNames),
    Family(name: "kmalloc-cg-", isPrefix: true, change: .accountNames),
    Family(name: "kmalloc-rcl-", isPrefix: true, change: .reclaimNames),
  ]
}
