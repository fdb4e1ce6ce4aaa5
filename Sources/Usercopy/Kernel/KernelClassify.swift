extension Kernel {
  /// What the bytes of a range are, in address order.
  ///
  /// At most `limit` runs are returned; the rest of a longer range is left out.
  public func classify(_ range: ByteRange, limit: Int = 4096) -> [ByteRun] {
    var runs: [ByteRun] = []
    var position = range.start
    let (sum, overflow) = range.start.addingReportingOverflow(range.length)
    let end = min(overflow ? .max : sum, configuration.wordSize.top)
    while position < end, runs.count < limit {
      var run = self.run(at: position)
      run.length = min(run.length, end - position)
      guard run.length > 0 else { break }
      if let last = runs.last, last.kind == run.kind, last.sameOwner(as: run),
        last.label == run.label
      {
        runs[runs.count - 1].length += run.length
      } else {
        runs.append(run)
      }
      position = run.end
    }
    return runs
  }

  /// The run that starts at `address` and reaches as far as nothing changes.
  func run(at address: Address) -> ByteRun {
    var run = regionRun(at: address)
    guard !placed.isEmpty, run.holder == nil else { return run }
    if let object = placed.first(where: { $0.contains(address) }) {
      run.length = min(run.length, object.start &+ object.size &- address)
      run.holder = object.holder
    } else if let next = placed.lazy.map(\.start).filter({ $0 > address }).min() {
      run.length = min(run.length, next - address)
    }
    return run
  }

  /// The run by the region of the address space that an address lies in.
  private func regionRun(at address: Address) -> ByteRun {
    if address < layout.userTop { return userRun(at: address) }
    if let index = stacks.firstIndex(where: { $0.contains(address) }) {
      return stackRun(at: address, in: stacks[index], running: index == current)
    }
    if pages.isValid(address) { return pageRun(at: address) }
    if let area = areas.first(where: { address >= $0.start && address - $0.start < $0.length }) {
      let offset = address - area.start
      let (end, kind): (UInt64, ByteClass) =
        offset < area.requested
        ? (area.requested, .vmalloc)
        : offset < area.mapped ? (area.mapped, .slack) : (area.length, .guardPage)
      return ByteRun(
        start: address, length: end - offset, kind: kind, label: area.name, block: area.start,
        holder: kind == .guardPage ? nil : area.holder)
    }
    if layout.text.contains(address) {
      return ByteRun(
        start: address, length: layout.text.upperBound - address, kind: .kernelText,
        label: "kernel text")
    }
    return unknownRun(at: address)
  }

  private func userRun(at address: Address) -> ByteRun {
    if let mapping = memory.mapping(at: address) {
      return ByteRun(
        start: address, length: min(mapping.end, layout.userTop) - address, kind: .user)
    }
    let next = memory.mappings.first { $0.start > address }?.start ?? layout.userTop
    return ByteRun(
      start: address, length: min(next, layout.userTop) - address, kind: .unmapped)
  }

  private func unknownRun(at address: Address) -> ByteRun {
    var next = Address.max
    for start in [
      layout.text.lowerBound, layout.directMap, layout.vmalloc.lowerBound,
    ] + areas.map(\.start) + stacks.map(\.base) where start > address {
      next = min(next, start)
    }
    let kind: ByteClass = memory.mapping(at: address) == nil ? .unmapped : .page
    let page = address.aligned(down: Memory.pageSize)
    let pageEnd = page > .max - Memory.pageSize ? Address.max : page + Memory.pageSize
    return ByteRun(
      start: address, length: (kind == .page ? min(next, pageEnd) : next) - address, kind: kind)
  }

  private func pageRun(at address: Address) -> ByteRun {
    let descriptor = pages.descriptor(at: address)
    if case .slab(let index) = descriptor.use, slabs.indices.contains(index) {
      return slabRun(at: address, slab: index)
    }
    let page = address.aligned(down: Memory.pageSize)
    let pageEnd = page + Memory.pageSize
    let found = pages.block(at: address)
    func run(_ kind: ByteClass, end: Address, _ label: String = "") -> ByteRun {
      ByteRun(
        start: address, length: end - address, kind: kind,
        label: label.isEmpty ? found?.holder?.name ?? "" : label, block: found?.start,
        holder: found?.holder)
    }
    if layout.linearText.contains(address) { return run(.kernelText, end: pageEnd, "kernel text") }
    guard memory.mapping(at: address) != nil else {
      return run(.unmapped, end: holeEnd(from: page))
    }
    guard let block = found else { return run(.page, end: pageEnd) }
    if block.isFreed { return run(.freed, end: pageEnd) }
    let asked = block.start + block.requested
    return address < asked
      ? run(.page, end: min(asked, pageEnd)) : run(.slack, end: min(block.end, pageEnd))
  }

  /// Where a stretch of the direct map ends that nothing is mapped to, however long it is.
  private func holeEnd(from page: Address) -> Address {
    let next = page + Memory.pageSize
    // The image may begin in it.
    let ends =
      [layout.linearText.lowerBound, memory.nextMapping(above: page)]
      + pages.ram.filter { $0.contains(page) }.map(\.upperBound)
    let end = ends.filter { $0 > page }.min() ?? next
    return max(next, pages.nextUsed(above: page, upTo: end))
  }

  private func slabRun(at address: Address, slab index: Int) -> ByteRun {
    let slab = slabs[index]
    let cache = caches[slab.cache]
    let slabEnd = slab.base &+ cache.slabBytes
    if address < slab.firstSlot {
      return ByteRun(
        start: address, length: slab.firstSlot - address, kind: .management, slab: index)
    }
    let number = (address - slab.firstSlot) / cache.stride
    guard number < UInt64(slab.objects.count) else {
      return ByteRun(
        start: address, length: max(slabEnd, address + 1) - address, kind: .tail, slab: index)
    }
    let slot = slab.firstSlot &+ number &* cache.stride
    let object = slab.objects[Int(number)]
    for part in slotParts(cache, object) where address - slot < part.end {
      return ByteRun(
        start: address, length: slot &+ part.end - address, kind: part.kind, label: object.label,
        slab: index, object: Int(number), holder: object.holder)
    }
    return ByteRun(
      start: address, length: slot &+ cache.stride - address, kind: .padding, label: object.label,
      slab: index, object: Int(number), holder: object.holder)
  }

  /// The parts of a slot: where each ends, from the slot's start.
  func slotParts(_ cache: SlabCache, _ object: SlabObject) -> [(end: UInt64, kind: ByteClass)] {
    let left = cache.objectStart
    var parts: [(end: UInt64, kind: ByteClass)] = []
    if left > 0 { parts.append((left, cache.chunkHeader > 0 ? .metadata : .redZone)) }
    switch object.state {
    case .live:
      parts.append((left + min(object.requestedSize, cache.objectSize), .object))
      parts.append((left + cache.objectSize, .slack))
    case .freed: parts.append((left + cache.objectSize, .freed))
    case .never: parts.append((left + cache.objectSize, .never))
    case .unknown: parts.append((left + cache.objectSize, .unknown))
    }
    if cache.objOffset > 0 {
      // SLAB closes the slot with a second red zone and the last owner.
      parts.append((cache.stride, .redZone))
    } else if cache.flags.contains(.redZone) {
      parts.append((left + max(cache.inuse, cache.objectSize), .redZone))
    }
    if cache.flags.contains(.storeUser) || cache.freeptrOffset >= cache.objectSize,
      cache.objOffset == 0, cache.freeptrOffset > 0 || cache.flags.contains(.storeUser)
    {
      parts.append((cache.stride, .metadata))
    }
    return parts
  }

  private func stackRun(at address: Address, in stack: TaskStack, running: Bool) -> ByteRun {
    let word = configuration.wordSize.bytes
    if address >= stack.end - min(stack.registersSize, stack.size) {
      return ByteRun(
        start: address, length: stack.end - address, kind: .userRegisters, label: stack.task)
    }
    if configuration.hasThreadInfoOnStack, address < stack.base + 8 * word {
      return ByteRun(
        start: address, length: stack.base + 8 * word - address, kind: .threadInfo,
        label: stack.task)
    }
    if stack.hasEndMagic, address < stack.base + word {
      return ByteRun(
        start: address, length: stack.base + word - address, kind: .stackEnd, label: stack.task)
    }
    for (index, frame) in stack.frames.enumerated()
    where address >= frame.stackPointer && address < frame.framePointer + 2 * word {
      return frameRun(at: address, frame: frame, index: index)
    }
    for frame in stack.deadFrames
    where address >= frame.stackPointer && address < frame.framePointer + 2 * word {
      return ByteRun(
        start: address, length: frame.framePointer + 2 * word - address, kind: .deadStack,
        label: frame.function)
    }
    let above = stack.frames.map(\.stackPointer) + stack.deadFrames.map(\.stackPointer)
    let next = above.filter { $0 > address }.min() ?? (stack.end - stack.registersSize)
    return ByteRun(start: address, length: max(1, next - address), kind: .deadStack)
  }

  private func frameRun(at address: Address, frame: Frame, index: Int) -> ByteRun {
    let word = configuration.wordSize.bytes
    func run(_ end: Address, _ kind: ByteClass, _ label: String) -> ByteRun {
      ByteRun(start: address, length: end - address, kind: kind, label: label, frame: index)
    }
    if address >= frame.framePointer + word, frame.returnsByStack {
      return run(frame.framePointer + 2 * word, .returnAddress, frame.function)
    }
    if address >= frame.framePointer, frame.savesPointer {
      return run(frame.framePointer + word, .savedFramePointer, frame.function)
    }
    for register in frame.savedRegisters
    where address >= register.address && address - register.address < register.size {
      return run(register.address + register.size, .savedRegister, register.name)
    }
    for local in frame.locals
    where address >= local.address && address - local.address < local.size {
      var found = run(local.address + local.size, .local, local.name)
      found.holder = local.holder
      return found
    }
    if let canary = frame.canary, address >= canary, address - canary < word {
      return run(canary + word, .canary, frame.function)
    }
    let end = frame.contentEnd(word: word)
    let starts =
      (frame.locals + frame.savedRegisters).map(\.address) + (frame.canary.map { [$0] } ?? [])
    let next = min(starts.filter { $0 > address }.min() ?? end, end)
    return run(next, .padding, frame.function)
  }
}
