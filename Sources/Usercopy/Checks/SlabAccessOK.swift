/// `slab_access_ok()`: the copy must stay inside one slot of the slab its first byte lies in.
///
/// RFC v1, mm/slab.c and mm/slub.c. Length 0, addresses without a page and pages of no slab
/// agree before any bound is looked at. Only the page of the first byte counts.
extension RFCRun {
  mutating func slabAccessOK(_ pointer: Address, _ length: UInt64) -> GateAnswer {
    let function = "slab_access_ok"
    let slab = kernel.configuration.allocator == .slab
    if !rules.helperSkipsZero,
      check(function, slab ? "!len" : "len == 0", .quantity(length), .quantity(0), length == 0)
    {
      return slabAgrees()
    }
    let valid = kernel.virtAddrValid(pointer)
    if check(function, "!virt_addr_valid(ptr)", .address(pointer), nil, !valid) {
      return slabAgrees()
    }
    guard case .slab(let index) = kernel.page(at: pointer).use,
      kernel.slabs.indices.contains(index)
    else {
      check(function, "!PageSlab(page)", true)
      return slabAgrees()
    }
    check(function, "!PageSlab(page)", false)
    let owner = kernel.slabs[index]
    let cache = kernel.caches[owner.cache]
    return slab
      ? slabBounds(pointer, length, owner, cache) : slubBounds(pointer, length, owner, cache)
  }

  /// SLAB: `obj_to_index()` by reciprocal, `BUG_ON`, then the two bounds.
  private mutating func slabBounds(
    _ pointer: Address, _ length: UInt64, _ slab: Slab, _ cache: SlabCache
  ) -> GateAnswer {
    let function = "slab_access_ok"
    let number = SlabIndex.object(at: pointer, firstSlot: slab.firstSlot, stride: cache.stride)
    let count = UInt64(cache.objectsPerSlab)
    note(function, .assign("objnr", .quantity(number), truncatedFrom: nil))
    let outside = number >= count
    if check(function, "objnr >= cachep->num", .quantity(number), .quantity(count), outside) {
      note(function, .bug("objnr >= cachep->num"))
      if recording, let line = rules.slabBugAt { outcome.log.append("kernel BUG at \(line)!") }
      outcome.bugAt = rules.slabBugAt
      lose(.bug, .oops, length)
      return .lost
    }
    let object = word.add(slab.firstSlot, number &* cache.stride)
    let offset = word.subtract(word.subtract(pointer, cache.objOffset), object)
    note(function, .assign("offset", .quantity(offset), truncatedFrom: nil))
    let size = cache.checkedSize
    let strict = rules.slabOffsetBelowSize
    if check(
      function, strict ? "offset < obj_size(cachep)" : "offset <= obj_size(cachep)",
      .quantity(offset), .quantity(size), strict ? offset < size : offset <= size),
      check(
        function, "len <= obj_size(cachep) - offset", .quantity(length), .quantity(size - offset),
        length <= size - offset)
    {
      return slabAgrees()
    }
    return slabRefuses(pointer, length)
  }

  /// SLUB: the distance from the head page modulo the stride, then the two bounds.
  private mutating func slubBounds(
    _ pointer: Address, _ length: UInt64, _ slab: Slab, _ cache: SlabCache
  ) -> GateAnswer {
    let function = "slab_access_ok"
    let offset = word.subtract(pointer, slab.base) % cache.stride
    note(function, .assign("offset", .quantity(offset), truncatedFrom: nil))
    let size = cache.objectSize
    if check(
      function, "offset <= s->objsize", .quantity(offset), .quantity(size), offset <= size),
      check(
        function, "len <= s->objsize - offset", .quantity(length), .quantity(size - offset),
        length <= size - offset)
    {
      return slabAgrees()
    }
    return slabRefuses(pointer, length)
  }

  private mutating func slabAgrees() -> GateAnswer {
    note("slab_access_ok", .leave(.truth(true)))
    outcome.slabAccessOK = true
    return .agree
  }

  private mutating func slabRefuses(_ pointer: Address, _ length: UInt64) -> GateAnswer {
    if recording {
      switch rules.wording {
      case .rfcV1:
        outcome.log.append(
          "slab_access_ok failed (addr \(KernelFormat.pointer(pointer, word)), len \(length))")
      case .rfcV2, .rfcV3: outcome.log.append(helperReport("slab_access_ok", pointer, length))
      }
    }
    outcome.refusedIn = "slab_access_ok"
    note("slab_access_ok", .leave(.truth(false)))
    outcome.slabAccessOK = false
    return .refuse
  }
}
