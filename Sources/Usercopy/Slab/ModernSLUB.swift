import KernelHistory

/// How SLUB lays out slots since 4.6, when the left red zone came (mm/slub.c).
///
/// Sizes in bytes. Checked against the caches recorded from 5.10, 6.1 and 7.2.
struct ModernSLUB {
  let release: KernelVersion
  let word: UInt64

  /// `kmem_cache_open()`.
  func cache(_ request: CacheRequest) -> SlabCache {
    var slot = layout(request, flags: request.flags)
    // slub_debug=O: no debugging where it would need a larger slab.
    if request.sameOrderOnly, order(of: slot.stride) > order(of: request.objectSize) {
      slot = layout(request, flags: request.flags.subtracting([.redZone, .poison, .storeUser]))
    }
    let order = slabOrder(slot.stride, request.orders)
    let window = request.validWindow
    return SlabCache(
      name: request.name, objectSize: request.objectSize, stride: slot.stride, align: slot.align,
      redLeftPad: slot.flags.contains(.redZone) ? slot.pad : 0, inuse: slot.inuse,
      freeptrOffset: slot.freeptr, order: order,
      objectsPerSlab: Int(Memory.pageSize << UInt64(order) / slot.stride), flags: slot.flags,
      useroffset: window.lowerBound, usersize: window.upperBound - window.lowerBound)
  }

  private struct Slot {
    var stride: UInt64
    var align: UInt64
    var inuse: UInt64
    var freeptr: UInt64
    var pad: UInt64
    var flags: CacheFlags
  }

  /// `calculate_sizes()`: object, right red zone, free pointer, owner tracking, left red zone.
  private func layout(_ request: CacheRequest, flags: CacheFlags) -> Slot {
    let align = SlabGeometry.alignment(request).aligned(up: word)
    let object = request.objectSize
    let hasRedZone = !flags.isDisjoint(with: [.redZone, .redZoneFlagOnly])
    var size = object.aligned(up: word)
    if hasRedZone, size == object { size += word }
    let inuse = size
    var freeptr: UInt64 = 0
    if !flags.isDisjoint(with: [.typesafeByRCU, .poison, .constructor])
      || hasRedZone && object < word
    {
      freeptr = size
      size += word
    } else if AllocatorChange.pointerInMiddle.holds(in: release) {
      freeptr = (object / 2).aligned(down: word)
    }
    if flags.contains(.storeUser) {
      size += 2 * trackSize
      if request.isKmalloc, AllocatorChange.kmallocTrack.holds(in: release) { size += 4 }
    }
    var pad: UInt64 = 0
    if hasRedZone {
      pad = word.aligned(up: align)
      size += word + pad
    }
    return Slot(
      stride: size.aligned(up: align), align: align, inuse: inuse, freeptr: freeptr, pad: pad,
      flags: flags)
  }

  /// `sizeof(struct track)`: sixteen return addresses, since 5.19 a handle in their place.
  private var trackSize: UInt64 {
    switch (AllocatorChange.wholeTracks.holds(in: release), word == 8) {
    case (true, true): 152
    case (true, false): 80
    case (false, true): 32
    case (false, false): 20
    }
  }

  /// `get_order()`.
  private func order(of size: UInt64) -> Int {
    (0...10).first { Memory.pageSize << UInt64($0) >= size } ?? 10
  }

  /// `calculate_order()` on one processor: at least eight objects if the largest order has room.
  private func slabOrder(_ size: UInt64, _ orders: ClosedRange<Int>) -> Int {
    let largest = Memory.pageSize << UInt64(min(max(orders.upperBound, 0), 10))
    var objects = min(8, max(1, largest / size))
    if AllocatorChange.orderByFraction.holds(in: release) {
      let from = max(orders.lowerBound, order(of: objects * size))
      for fraction in [16, 8, 4, 2] as [UInt64] {
        if let order = firstOrder(size, from, orders.upperBound, fraction) { return order }
      }
      return order(of: size)
    }
    while objects > 1 {
      let from = max(orders.lowerBound, order(of: objects * size))
      for fraction in [16, 8, 4] as [UInt64] {
        if let order = firstOrder(size, from, orders.upperBound, fraction) { return order }
      }
      objects -= 1
    }
    let from = max(orders.lowerBound, order(of: size))
    return firstOrder(size, from, orders.upperBound, 1) ?? order(of: size)
  }

  /// `calc_slab_order()`: the first order that leaves no more than a fraction of the slab over.
  private func firstOrder(_ size: UInt64, _ from: Int, _ to: Int, _ fraction: UInt64) -> Int? {
    guard from <= to else { return nil }
    return (from...to).first { order in
      let bytes = Memory.pageSize << UInt64(min(max(order, 0), 10))
      return bytes % size <= bytes / fraction
    }
  }
}
