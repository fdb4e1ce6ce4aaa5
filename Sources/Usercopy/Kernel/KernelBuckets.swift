/// A set of kmalloc-like caches of its own with one window for all sizes (`kmem_buckets_create()`,
/// since 6.11).
public struct BucketSet: Sendable, Hashable {
  /// Name in front of the size class: `NAME-96`, `NAME-8k`.
  public var name: String
  /// Where the window starts in every object, bytes.
  public var useroffset: UInt64
  /// Bytes of the window.
  public var usersize: UInt64

  /// A set with one window for all sizes.
  public init(name: String, useroffset: UInt64, usersize: UInt64) {
    self.name = name
    self.useroffset = useroffset
    self.usersize = usersize
  }

  /// The window of a size class: cut at the object's end, none where it would start behind it.
  public func window(of room: UInt64) -> Range<UInt64> {
    guard useroffset < room, usersize > 0 else { return 0..<0 }
    return useroffset..<useroffset + min(usersize, room - useroffset)
  }
}

extension Kernel {
  /// `kmem_buckets_alloc()`: an object of the set; above the largest class plain pages, for which
  /// no window counts. Nil above 4 MiB.
  public mutating func kmalloc(_ size: UInt64, label: String, from set: BucketSet) -> Address? {
    let classes = KmallocClasses(configuration)
    guard size > 0, let room = classes.room(for: size) else { return kmalloc(size, label: label) }
    let name = set.name + classes.name(room).dropFirst("kmalloc".count)
    let cache =
      self.cache(named: name)
      ?? createCache(CacheRequest(name: name, objectSize: room, window: set.window(of: room)))
    return allocate(cache: cache, label: label, requestedSize: size)
  }
}
