import KernelHistory

/// Caches that are laid out alike share one (`find_mergeable()`; mm/slub.c in 2011, mm/slab_common.c since
/// 3.18).
extension Kernel {
  /// The cache that a request is served by instead of getting one of its own.
  func mergeable(_ request: CacheRequest) -> Int? {
    guard configuration.mergesCaches, mergesAtAll, !request.flags.preventMerging else { return nil }
    let hasWindows = UsercopyChange.windows.holds(in: configuration.release)
    if hasWindows, !request.validWindow.isEmpty { return nil }
    let word = configuration.wordSize.bytes
    var whole = request
    whole.objectSize = request.objectSize.aligned(up: word)
    let align = SlabGeometry.alignment(whole).aligned(up: word)
    let size = whole.objectSize.aligned(up: align)
    return caches.indices.first { index in
      let cache = caches[index]
      if cache.flags.preventMerging || hasWindows && cache.usersize > 0 { return false }
      if configuration.isPaX, cache.flags.contains(.usercopy) != request.flags.contains(.usercopy) {
        return false
      }
      let isAligned = cache.stride.isMultiple(of: align)
      let fits = cache.stride >= size && cache.stride - size < word
      return isAligned && fits && (configuration.allocator == .slub || cache.suits(align))
    }
  }

  /// SLUB merges since it was written, SLAB since 3.18, SLOB never.
  private var mergesAtAll: Bool {
    switch configuration.allocator {
    case .slub: true
    case .slab: AllocatorChange.slabMerges.holds(in: configuration.release)
    case .slob: false
    }
  }

  /// `__kmem_cache_alias()`: the cache takes the request in. Its object is as large as the largest asked
  /// for, and reports keep its own name.
  mutating func merge(_ request: CacheRequest, into index: Int) {
    caches[index].aliases.append(request.name)
    let size = max(caches[index].objectSize, request.objectSize)
    caches[index].objectSize = size
    caches[index].inuse = max(
      caches[index].inuse, request.objectSize.aligned(up: configuration.wordSize.bytes))
    caches[index].checkedSize = max(caches[index].checkedSize, size)
    if !UsercopyChange.windows.holds(in: configuration.release) { caches[index].usersize = size }
  }
}

extension CacheFlags {
  /// `SLAB_NEVER_MERGE`, and caches with a constructor.
  fileprivate var preventMerging: Bool {
    !isDisjoint(
      with: [.redZone, .redZoneFlagOnly, .poison, .storeUser, .typesafeByRCU, .constructor])
  }
}

extension SlabCache {
  /// SLAB asks for an alignment that the cache has, not only for slots that happen to have it.
  fileprivate func suits(_ wanted: UInt64) -> Bool {
    wanted <= align && align.isMultiple(of: wanted)
  }
}
