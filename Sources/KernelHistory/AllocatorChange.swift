/// What changed in the slab allocators and in what they call their caches.
///
/// Read from mm/slub.c, mm/slab.c and mm/slab_common.c of the releases named; the layouts are held
/// against the caches recorded from 5.10, 6.1 and 7.2.
public enum AllocatorChange: String, Sendable, Hashable, CaseIterable, Dated {
  case slob, slab, slabDescriptorInPage, slabLargeClasses, slabMerges
  case leftRedZone, lazyRedZone, pointerInMiddle, swabbedPointer, wholeTracks, kmallocTrack,
    orderByFraction
  case sizeNames, shortNames, reclaimNames, accountNames, randomNames, skbHeads
  case naturalAlignment, fullAlignment, buckets

  /// What it is and when.
  public var row: HistoryRow {
    switch self {
    case .slob: HistoryRow("SLOB", last: KernelVersion(6, 3), commit: "6630e950d532")
    case .slab: HistoryRow("SLAB", last: KernelVersion(6, 7), commit: "16a1d968358a")
    case .slabDescriptorInPage:
      HistoryRow("SLAB's descriptor lies in struct page", since: KernelVersion(3, 13))
    case .slabLargeClasses:
      HistoryRow("SLAB serves kmalloc() up to 4 MiB", last: KernelVersion(6, 0))
    case .slabMerges:
      HistoryRow(
        "SLAB merges caches that are laid out alike, as SLUB does", since: KernelVersion(3, 18),
        commit: "12220dea07f1")
    case .leftRedZone:
      HistoryRow(
        "SLUB's red zone lies to the left of objects too", since: KernelVersion(4, 6),
        commit: "d86bd1bece6f")
    case .lazyRedZone:
      HistoryRow(
        "a cache's own red zone does nothing unless booted with slub_debug=",
        since: KernelVersion(5, 9), last: KernelVersion(5, 13))
    case .pointerInMiddle:
      HistoryRow(
        "SLUB's freelist pointer lies in the middle of a free object", since: KernelVersion(5, 7),
        commit: "3202fa62fb43")
    case .swabbedPointer:
      HistoryRow(
        "the key of an encoded freelist pointer has the bytes of its place turned round",
        since: KernelVersion(5, 7), commit: "1ad53d9fa3f6")
    case .wholeTracks:
      HistoryRow(
        "owner tracking keeps sixteen return addresses, later a handle",
        last: KernelVersion(5, 18), commit: "5cf909c553e9")
    case .kmallocTrack:
      HistoryRow("owner tracking of kmalloc() keeps the size asked for", since: KernelVersion(6, 1))
    case .orderByFraction:
      HistoryRow("a slab's order is chosen by the fraction wasted", since: KernelVersion(6, 7))
    case .sizeNames:
      HistoryRow("SLAB's kmalloc caches are called size-N", last: KernelVersion(3, 9))
    case .shortNames:
      HistoryRow(
        "kmalloc's large caches have short names, such as kmalloc-1k",
        since: KernelVersion(4, 20), commit: "cb5d9fb38c34")
    case .reclaimNames: HistoryRow("kmalloc-rcl caches", since: KernelVersion(4, 20))
    case .accountNames:
      HistoryRow(
        "kmalloc-cg caches for accounted memory", since: KernelVersion(5, 14),
        commit: "494c1dfe855e")
    case .randomNames:
      HistoryRow("kmalloc-rnd caches", since: KernelVersion(6, 6), commit: "3c6152940584")
    case .skbHeads: HistoryRow("the cache skbuff_small_head", since: KernelVersion(6, 3))
    case .naturalAlignment:
      HistoryRow(
        "kmalloc() aligns powers of two to themselves", since: KernelVersion(5, 4),
        commit: "59bb47985c1d")
    case .fullAlignment:
      HistoryRow(
        "kmalloc() aligns every size to its largest power of two", since: KernelVersion(6, 11))
    case .buckets:
      HistoryRow("sets of buckets (kmem_buckets_create())", since: KernelVersion(6, 11))
    }
  }
}
