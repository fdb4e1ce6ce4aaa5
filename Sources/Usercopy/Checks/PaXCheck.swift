/// PaX's check of one range: the heap with its flag, the stack, and in 2014 kernel text.
///
/// 2011: `check_object_size()` of mm/slab.c and mm/slub.c with `object_is_on_stack()` of fs/exec.c. 2014:
/// `__check_object_size()` of fs/exec.c with the functions it calls. Which lookups are made in which
/// order differs; what they find does not.
extension PaXRun {
  /// Whether the range may be copied; a refusal is reported.
  mutating func checkObject(_ length: UInt64) -> GateAnswer {
    let function = rules.functions.entry
    if recording { outcome.gates.append(function) }
    if check(function, "!n", .quantity(length), .quantity(0), length == 0) { return .agree }
    let answer = rules.asksStackOfAll ? heapThenStack(length) : objectOrStack(length)
    if answer == .agree { note(function, .leave(.truth(true))) }
    return answer
  }

  /// 2014: the heap answers first, then the stack, then the text, whatever kind of address it is.
  private mutating func heapThenStack(_ length: UInt64) -> GateAnswer {
    let entry = rules.functions.entry
    call(entry, rules.functions.heap, pointer: attempt.kernel, length)
    switch heap(length) {
    case .known(.agree), .noSlab, .noPage: break
    case .known(let answer): return answer
    }
    call(entry, rules.functions.stack, pointer: attempt.kernel, length)
    switch onStack(length) {
    case .outside: return text(length)
    case .inside: return .agree
    case .bad: return report(rules.functions.stack, place("<process stack>"), length)
    case .lost: return .lost
    }
  }

  /// 2011: slab objects have one answer; of the rest only pages of the direct map are asked for as stack.
  private mutating func objectOrStack(_ length: UInt64) -> GateAnswer {
    switch heap(length) {
    case .known(let answer): return answer
    case .noPage: return .agree
    case .noSlab: break
    }
    call(rules.functions.entry, rules.functions.stack, pointer: attempt.kernel, length)
    switch onStack(length) {
    case .outside, .inside: return .agree
    case .bad: return report(rules.functions.stack, nil, length)
    case .lost: return .lost
    }
  }

  /// What a report calls the place, where reports do.
  private func place(_ name: String) -> String? { rules.namesPlaces ? name : nil }

  // MARK: The heap

  private enum Heap {
    case known(GateAnswer)
    /// No page lies behind the address.
    case noPage
    /// A page, but of no slab.
    case noSlab
  }

  private mutating func heap(_ length: UInt64) -> Heap {
    let function = rules.functions.heap
    let pointer = attempt.kernel
    if check(
      function, "ZERO_OR_NULL_PTR(ptr)", .address(pointer), .address(16), pointer <= 16)
    {
      return .known(report(function, place("<null>"), length))
    }
    let valid = kernel.virtAddrValid(pointer)
    if check(function, "!virt_addr_valid(ptr)", .address(pointer), nil, !valid) { return .noPage }
    if kernel.configuration.allocator == .slob, let block = kernel.pages.block(at: pointer),
      block.isKmalloc
    {
      return .known(inSlobPages(block.start, block.requested, length))
    }
    guard case .slab(let index) = kernel.page(at: pointer).use,
      kernel.slabs.indices.contains(index)
    else {
      check(function, "!PageSlab(page)", true)
      return .noSlab
    }
    check(function, "!PageSlab(page)", false)
    let slab = kernel.slabs[index]
    let cache = kernel.caches[slab.cache]
    if kernel.configuration.allocator == .slob {
      return .known(
        cache.chunkHeader > 0
          ? inChunk(index, length) : inBareObject(length))
    }
    if check(
      function, "!(cache->flags & SLAB_USERCOPY)", !cache.flags.contains(.usercopy))
    {
      return .known(report(function, cache.name, length))
    }
    return .known(
      kernel.configuration.allocator == .slab
        ? inSlab(slab, cache, length) : inSlub(slab, cache, length))
  }

  /// mm/slub.c: the distance from the head page modulo the stride.
  private mutating func inSlub(_ slab: Slab, _ cache: SlabCache, _ length: UInt64) -> GateAnswer {
    let offset = word.subtract(attempt.kernel, slab.base) % cache.stride
    note(rules.functions.heap, .assign("offset", .quantity(offset), truncatedFrom: nil))
    return bounds(offset, cache.objectSize, "s->objsize", cache, length)
  }

  /// mm/slab.c: the slot's number, an assertion on it, then the bounds.
  private mutating func inSlab(_ slab: Slab, _ cache: SlabCache, _ length: UInt64) -> GateAnswer {
    let function = rules.functions.heap
    let pointer = attempt.kernel
    let number =
      rules.usesRoundedReciprocal
      ? SlabIndex.object(at: pointer, firstSlot: slab.firstSlot, stride: cache.stride)
      : (word.subtract(pointer, slab.firstSlot) & 0xffff_ffff) / cache.stride
    let count = UInt64(cache.objectsPerSlab)
    note(function, .assign("objnr", .quantity(number), truncatedFrom: nil))
    if check(
      function, "objnr >= cachep->num", .quantity(number), .quantity(count), number >= count)
    {
      note(function, .bug("objnr >= cachep->num"))
      if recording, let line = rules.slabBugAt { outcome.log.append("kernel BUG at \(line)!") }
      outcome.bugAt = rules.slabBugAt
      outcome.refuser = .allocatorBugOn
      outcome.refusedIn = function
      lose(.bug, .oops, length)
      return .lost
    }
    let object = word.add(slab.firstSlot, number &* cache.stride)
    let offset = word.subtract(word.subtract(pointer, cache.objOffset), object)
    note(function, .assign("offset", .quantity(offset), truncatedFrom: nil))
    let size = rules.countsPadding ? cache.checkedSize : cache.objectSize
    return bounds(offset, size, "obj_size(cachep)", cache, length)
  }

  /// mm/slob.c: two walks find the chunk the address lies in, over the free chunks up to it, then from header to
  /// header. A chunk behind the last free one is not found.
  private mutating func inChunk(_ slab: Int, _ length: UInt64) -> GateAnswer {
    let function = rules.functions.heap
    var (base, free) = chunksAround(slab)
    while check(function, "base < free", .address(base), .address(free), base < free) {
      let (size, align) = (kernel.units(at: base), kernel.units(at: base &+ SlobGeometry.unit))
      note(function, .assign("m", .quantity(UInt64(bitPattern: size)), truncatedFrom: nil))
      switch inChunk(from: word.add(base, UInt64(bitPattern: align)), size, length) {
      case .behind:
        let whole = (size + align + 1) / 2 * 2
        guard whole > 0 else {
          note(function, .loop(base))
          lose(.hang, .livelock, length)
          return .lost
        }
        base = word.add(base, UInt64(whole))
      case .within: return .agree
      case .refused: return report(function, place("<slob>"), length)
      }
    }
    return report(function, place("<slob>"), length)
  }

  private enum InChunk { case behind, within, refused }

  /// Whether the copy lies in the chunk whose object begins there.
  private mutating func inChunk(
    from start: Address, _ size: Int64, _ length: UInt64
  ) -> InChunk {
    let (function, pointer) = (rules.functions.heap, attempt.kernel)
    if check(function, "ptr < base + align", .address(pointer), .address(start), pointer < start) {
      return .refused
    }
    let offset = pointer &- start
    note(function, .assign("offset", .quantity(offset), truncatedFrom: nil))
    let bytes = UInt64(bitPattern: size)
    let isBehind = size < 0 || offset >= bytes
    if check(function, "offset >= m", .quantity(offset), .quantity(bytes), isBehind) {
      return .behind
    }
    let room = bytes &- offset
    let isLong = check(
      function, "n > m - offset", .quantity(length), .quantity(room), length > room)
    return isLong ? .refused : .within
  }

  /// The end of the last free chunk that lies before the address, and the free chunk that follows it.
  private func chunksAround(_ slab: Int) -> (base: Address, free: Address) {
    var base = attempt.kernel.aligned(down: Memory.pageSize)
    var free = kernel.firstFreeChunk(slab: slab)
    while free <= attempt.kernel {
      let (units, next) = kernel.freeChunk(at: free)
      // The last one leads to the page's end; a list that leads back is none.
      if next % Memory.pageSize == 0 || next <= free { break }
      (base, free) = (free &+ units &* SlobGeometry.unit, next)
    }
    return (base, free)
  }

  /// An object without a header: one of nearly a page or more, or any of a kernel that was not built with PaX and is
  /// asked what PaX would say.
  private mutating func inBareObject(_ length: UInt64) -> GateAnswer {
    let pointer = attempt.kernel
    if let (slab, number) = kernel.object(at: pointer),
      kernel.slabs[slab].objects[number].state == .live
    {
      let start = kernel.objectAddress(slab: slab, index: number)
      let requested = kernel.slabs[slab].objects[number].requestedSize
      let cache = kernel.caches[kernel.slabs[slab].cache]
      let fillsPages = cache.stride == cache.slabBytes
      if start <= pointer, fillsPages || pointer - start < max(1, requested) {
        return inSlobPages(start, requested, length)
      }
    }
    return report(rules.functions.heap, place("<slob>"), length)
  }

  /// mm/slob.c: whole pages keep the size that was asked for (`sp->size`).
  private mutating func inSlobPages(
    _ start: Address, _ requested: UInt64, _ length: UInt64
  ) -> GateAnswer {
    let function = rules.functions.heap
    // Behind the bytes that were asked for the difference is below 0, and as a number without sign it is large.
    let room = word.subtract(requested, attempt.kernel - start)
    if check(
      function, "n <= sp->size - (ptr - base)", .quantity(length), .quantity(room), length <= room)
    {
      return .agree
    }
    return report(function, place("<slob>"), length)
  }

  private mutating func bounds(
    _ offset: UInt64, _ size: UInt64, _ name: String, _ cache: SlabCache, _ length: UInt64
  ) -> GateAnswer {
    let function = rules.functions.heap
    if check(
      function, "offset <= \(name)", .quantity(offset), .quantity(size), offset <= size),
      check(
        function, "n <= \(name) - offset", .quantity(length), .quantity(size - offset),
        length <= size - offset)
    {
      return .agree
    }
    return report(function, cache.name, length)
  }
}
