/// `__check_heap_object()`: a range that starts in a slab must stay in its slot's window.
extension HardenedRun {
  /// Looks up the page of the first byte; other pages of the range do not matter.
  mutating func slabObject(_ kernel: Kernel) -> HardenedAnswer {
    let function = "check_heap_object"
    let valid = kernel.virtAddrValid(pointer)
    if check(function, "!virt_addr_valid(ptr)", .address(pointer), nil, !valid) {
      return .leaveGroup
    }
    guard case .slab(let index) = kernel.page(at: pointer).use,
      kernel.slabs.indices.contains(index)
    else {
      check(function, "PageSlab(page)", nil, nil, false)
      return .next
    }
    check(function, "PageSlab(page)", nil, nil, true)
    note(function, .call("__check_heap_object", []))
    return kernel.configuration.allocator == .slab ? inSlab(kernel, index) : inSlub(kernel, index)
  }

  /// mm/slub.c: the distance from the slab's start modulo the stride; with red zones the left pad
  /// comes first and has a report of its own.
  private mutating func inSlub(_ kernel: Kernel, _ index: Int) -> HardenedAnswer {
    let function = "__check_heap_object"
    let base = kernel.slabs[index].base
    let cache = kernel.caches[kernel.slabs[index].cache]
    if check(
      function, "ptr < page_address(page)", .address(pointer), .address(base), pointer < base)
    {
      return abort(function, .slubOutside, offset: 0)
    }
    var offset = (pointer - base) % cache.stride
    note(function, .assign("offset", .quantity(offset), truncatedFrom: nil))
    if cache.flags.contains(.redZone) {
      let pad = cache.redLeftPad
      if check(
        function, "offset < s->red_left_pad", .quantity(offset), .quantity(pad), offset < pad)
      {
        return abort(function, .slubLeftRedZone(cache.name), offset: offset)
      }
      offset -= pad
      note(function, .assign("offset", .quantity(offset), truncatedFrom: nil))
    }
    return inObject(
      kernel, function, .slubObject(cache.name), cache, offset, usable: cache.usableSize)
  }

  /// mm/slab.c: the slot from a 32-bit distance, an assertion on its number, then the bounds.
  private mutating func inSlab(_ kernel: Kernel, _ index: Int) -> HardenedAnswer {
    let function = "__check_heap_object"
    let firstSlot = kernel.slabs[index].firstSlot
    let cache = kernel.caches[kernel.slabs[index].cache]
    let distance = word.subtract(pointer, firstSlot) & 0xffff_ffff
    let number = distance / cache.stride
    let count = UInt64(clamping: cache.objectsPerSlab)
    note(function, .assign("objnr", .quantity(number), truncatedFrom: nil))
    if check(
      function, "objnr >= cachep->num", .quantity(number), .quantity(count), number >= count)
    {
      note(function, .bug("objnr >= cachep->num"))
      outcome.verdict = .bug
      outcome.refuser = .allocatorBugOn
      outcome.refusedIn = function
      outcome.consequence = .oops
      outcome.bugAt = rules.slabBugAt
      if recording, let line = rules.slabBugAt { outcome.log.append("kernel BUG at \(line)!") }
      return .lost
    }
    let object = word.add(firstSlot, number &* cache.stride)
    let offset = word.subtract(word.subtract(pointer, object), cache.objOffset)
    note(function, .assign("offset", .quantity(offset), truncatedFrom: nil))
    return inObject(
      kernel, function, .slabObject(cache.name), cache, offset, usable: cache.objectSize)
  }

  /// The window since 4.16, the whole object before; then the fallback.
  private mutating func inObject(
    _ kernel: Kernel, _ function: String, _ what: @autoclosure () -> Offender, _ cache: SlabCache,
    _ offset: UInt64,
    usable: UInt64
  ) -> HardenedAnswer {
    guard rules.hasWindows else {
      return fits(function, "object_size", offset, usable)
        ? .leaveGroup : abort(function, what(), offset: offset)
    }
    let (start, size) = (cache.useroffset, cache.usersize)
    if check(
      function, "offset >= s->useroffset", .quantity(offset), .quantity(start), offset >= start),
      check(
        function, "offset - s->useroffset <= s->usersize", .quantity(offset &- start),
        .quantity(size), offset &- start <= size),
      check(
        function, "n <= s->useroffset - offset + s->usersize", .quantity(length),
        .quantity(start &- offset &+ size), length <= start &- offset &+ size)
    {
      return .leaveGroup
    }
    if rules.hasFallback,
      check(function, "usercopy_fallback", nil, nil, kernel.configuration.usercopyFallback),
      fits(function, "object_size", offset, usable)
    {
      if !kernel.warnedOnce { warn(what(), offset: offset) }
      return .leaveGroup
    }
    return abort(function, what(), offset: offset)
  }

  private mutating func fits(
    _ function: String, _ name: String, _ offset: UInt64, _ size: UInt64
  ) -> Bool {
    check(function, "offset <= \(name)", .quantity(offset), .quantity(size), offset <= size)
      && check(
        function, "n <= \(name) - offset", .quantity(length), .quantity(size &- offset),
        length <= size &- offset)
  }
}
