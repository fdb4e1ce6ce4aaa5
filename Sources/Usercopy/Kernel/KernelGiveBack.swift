/// How SLUB gives an emptied slab back (`__slab_free()`, `discard_slab()` of mm/slub.c), and who gets its pages.
///
/// Per-processor lists of partial slabs are left out, as in a kernel without `CONFIG_SLUB_CPU_PARTIAL`. Slabs of SLAB
/// and SLOB, and those found in a real kernel's memory, are kept.
///
/// The rule with `min_partial` is that of kernels whose `__slab_free()` asks for it. Those of 2011 and before gave
/// every slab back that a free emptied; that is not modelled, so machines of their age keep more slabs than they did.
extension Kernel {
  /// Gives a slab back when nothing in it is in use, it is not the one the processor takes slots from, and
  /// the cache has `min_partial` slabs with free slots, this one counted where it was one of them.
  mutating func giveBack(_ slab: Int) {
    let (owner, cache) = (slabs[slab], caches[slabs[slab].cache])
    guard configuration.allocator == .slub, !owner.isFound, cache.current != slab,
      owner.objects.allSatisfy(\.state.isFree)
    else { return }
    let others = slabs.indices.count { other in
      let it = slabs[other]
      return other != slab && other != cache.current && !it.isGone && it.cache == owner.cache
        && it.objects.contains { $0.state.isFree }
    }
    let partial = others + (owner.objects.count > 1 ? 1 : 0)
    guard partial >= cache.minPartial else { return }
    slabs[slab].isGone = true
    slabs[slab].objects = []
    slabs[slab].freed = []
    pages.drop(owner.base)
    givenBack.append(FreePages(start: owner.base, order: cache.order))
    if configuration.initOnFree { clear(owner.base, cache.slabBytes) }
  }

  /// Takes pages that a slab gave back: of the smallest blocks that are large enough the last one, split in
  /// halves down to the order wanted, the lower half each time. Nil where there is none.
  mutating func takeGivenBack(order: Int) -> Address? {
    guard let best = givenBack.lazy.map(\.order).filter({ $0 >= order }).min(),
      let index = givenBack.lastIndex(where: { $0.order == best })
    else { return nil }
    var block = givenBack.remove(at: index)
    pages.forget(block.start, bytes: block.bytes)
    while block.order > order {
      block.order -= 1
      givenBack.append(FreePages(start: block.start &+ block.bytes, order: block.order))
    }
    if configuration.initOnAlloc { clear(block.start, block.bytes) }
    return block.start
  }

  /// Fills pages with zeros on their way back or out (`init_on_free=`, `init_on_alloc=`).
  private mutating func clear(_ start: Address, _ bytes: UInt64) {
    memory.write(repeatElement(0, count: Int(bytes)), at: start)
    origins.set(.cleared, start: start, length: bytes)
  }
}
