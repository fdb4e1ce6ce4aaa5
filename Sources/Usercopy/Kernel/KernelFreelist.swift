import KernelHistory

/// Which free slot is handed out next, and how SLUB's free slots point to each other.
///
/// Slots given back are handed out again last in, first out, as both allocators do; slots never handed out
/// follow in address order, and hold no pointer yet: the pages of a new slab are shown as they came. With
/// `CONFIG_SLAB_FREELIST_RANDOM` a new slab is one chain in a shuffled order, each slot pointing to the next.
extension Kernel {
  /// The slot of a slab that is handed out next; nil for a full slab, or where another is wanted.
  func nextSlot(of slab: Int, wanted: Int?) -> Int? {
    let owner = slabs[slab]
    if let wanted {
      return owner.objects.indices.contains(wanted) && owner.objects[wanted].state.isFree
        ? wanted : nil
    }
    return owner.freed.last ?? owner.objects.indices.first { owner.objects[$0].state.isFree }
  }

  /// Takes a slot, now in use, out of the list, and links the one before it to the one behind it.
  mutating func unlink(slab: Int, index: Int) {
    let owner = slabs[slab]
    guard let position = owner.freed.firstIndex(of: index) else {
      // The first of those never handed out: the oldest of the others points to it.
      if let oldest = owner.freed.first { writeFreePointer(slab: slab, index: oldest) }
      return
    }
    slabs[slab].freed.remove(at: position)
    if position < slabs[slab].freed.count {
      writeFreePointer(slab: slab, index: slabs[slab].freed[position])
    }
  }

  /// Puts a slot that was given back at the head of the list.
  mutating func link(slab: Int, index: Int) {
    slabs[slab].freed.append(index)
    writeFreePointer(slab: slab, index: index)
  }

  /// Says of the pointer that a slot was found with who wrote it.
  mutating func signFreePointer(slab: Int, index: Int) {
    let cache = caches[slabs[slab].cache]
    origins.set(
      .freelist(isEncoded: configuration.freelistHardened),
      start: objectAddress(slab: slab, index: index) &+ cache.freeptrOffset,
      length: configuration.wordSize.bytes)
  }

  /// `set_freepointer()`: writes into a free slot where the next one is.
  private mutating func writeFreePointer(slab: Int, index: Int) {
    guard configuration.allocator == .slub else { return }
    let start = objectAddress(slab: slab, index: index) &+ caches[slabs[slab].cache].freeptrOffset
    let next = nextFree(slab: slab, after: index)
    let word = configuration.wordSize
    let isEncoded = configuration.freelistHardened
    let value = isEncoded ? encoded(next, at: start, cache: slabs[slab].cache) : next
    memory.setWord(value, at: start, size: word)
    origins.set(.freelist(isEncoded: isEncoded), start: start, length: word.bytes)
  }

  /// The free object that one in the list points to; 0 at its end.
  private func nextFree(slab: Int, after index: Int) -> Address {
    let owner = slabs[slab]
    let position = owner.freed.firstIndex(of: index) ?? 0
    let next =
      position > 0
      ? owner.freed[position - 1]
      : owner.objects.indices.first {
        owner.objects[$0].state == .never && !owner.freed.contains($0)
      }
    return next.map { objectAddress(slab: slab, index: $0) } ?? 0
  }

  /// `freelist_ptr()` with `CONFIG_SLAB_FREELIST_HARDENED`: the pointer, a number drawn for the cache, and
  /// where the pointer is kept, its bytes turned round since 5.7.
  func encoded(_ pointer: Address, at place: Address, cache: Int) -> UInt64 {
    freelistEncoding.decoded(
      pointer, at: place, random: random(of: cache), word: configuration.wordSize)
  }

  /// The number a cache's pointers are encoded with (`kmem_cache.random`).
  func random(of cache: Int) -> UInt64 {
    // A fixed scramble stands for get_random_long(): the machine draws no randomness.
    caches[cache].random ?? Self.scramble(UInt64(cache) &+ 1)
  }

  /// `shuffle_freelist()`: chains the slots of a new slab in an order that looks drawn, and writes their pointers.
  mutating func shuffle(slab: Int) {
    guard configuration.freelistRandom, configuration.allocator == .slub else { return }
    var order = Array(slabs[slab].objects.indices)
    var seed = slabs[slab].base
    for last in order.indices.dropFirst().reversed() {
      seed = Self.scramble(seed)
      order.swapAt(last, Int(seed % UInt64(last + 1)))
    }
    slabs[slab].freed = order
    for index in order { writeFreePointer(slab: slab, index: index) }
  }

  /// A number that looks drawn, always the same for the same seed (the last step of SplitMix).
  static func scramble(_ seed: UInt64) -> UInt64 {
    var value = seed &* 0x9e37_79b9_7f4a_7c15
    value = (value ^ value >> 30) &* 0xbf58_476d_1ce4_e5b9
    value = (value ^ value >> 27) &* 0x94d0_49bb_1331_11eb
    return value ^ value >> 31
  }

  /// `maybe_wipe_obj_freeptr()`: cleared memory is handed out without the freelist pointer it held.
  mutating func wipeFreePointer(_ address: Address, _ cache: SlabCache) {
    guard configuration.initOnFree, cache.canBeCleared, configuration.allocator == .slub else {
      return
    }
    let start = address &+ cache.freeptrOffset
    guard case .freelist = origins.author(at: start, limit: 1).author else { return }
    memory.setWord(0, at: start, size: configuration.wordSize)
    origins.set(.cleared, start: start, length: configuration.wordSize.bytes)
  }
}
