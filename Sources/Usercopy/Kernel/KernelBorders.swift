extension Kernel {
  /// Addresses from `start` to `last` where something begins or ends that a check compares with, or that
  /// decides whose a byte is, in order, each once.
  ///
  /// Between two of them copies that start one byte further on differ by that byte alone. At most about
  /// 4,096 runs of bytes are looked at.
  public func borders(from start: Address, through last: Address) -> [Address] {
    guard start < last else { return [] }
    var found = Set<Address>()
    let runs = classify(ByteRange(start: start, length: last - start))
    for run in runs { found.insert(run.start) }
    for slab in Set(runs.compactMap(\.slab)) {
      slotBorders(slab, from: start, through: last, &found)
    }
    for stack in stacks where stack.base <= last && stack.end >= start {
      frameBorders(stack, &found)
    }
    for area in areas {
      found.formUnion([area.start, area.start &+ area.mapped, area.start &+ area.length])
    }
    for bounds in [layout.text, layout.linearText] {
      found.formUnion([bounds.lowerBound, bounds.upperBound])
    }
    let pages = (last - start) / Memory.pageSize
    if pages <= 64 {
      let first = start.aligned(down: Memory.pageSize)
      for page in 0...pages + 1 { found.insert(first &+ page &* Memory.pageSize) }
    }
    return found.filter { $0 > start && $0 <= last }.sorted()
  }

  /// Where objects, their windows and their red zones begin and end.
  private func slotBorders(
    _ number: Int, from start: Address, through last: Address, _ found: inout Set<Address>
  ) {
    let slab = slabs[number]
    let cache = caches[slab.cache]
    guard cache.stride > 0, last >= slab.firstSlot else { return }
    let object = cache.objectStart
    let window = object + cache.useroffset
    let parts = [
      0, object, window, window + cache.usersize, object + cache.objectSize,
      object + cache.checkedSize,
    ]
    let first = start > slab.firstSlot ? (start - slab.firstSlot) / cache.stride : 0
    let end = min((last - slab.firstSlot) / cache.stride + 1, UInt64(slab.objects.count))
    guard first <= end else { return }
    for slot in first...end {
      for part in parts { found.insert(slab.firstSlot &+ slot &* cache.stride &+ part) }
    }
  }

  private func frameBorders(_ stack: TaskStack, _ found: inout Set<Address>) {
    let word = configuration.wordSize.bytes
    found.formUnion([stack.base, stack.end, stack.end &- stack.registersSize, stack.top])
    if stack.hasEndMagic { found.insert(stack.base &+ word) }
    for frame in stack.frames + stack.deadFrames {
      found.formUnion([
        frame.stackPointer, frame.framePointer, frame.framePointer &+ word,
        frame.framePointer &+ 2 * word,
      ])
      for local in frame.locals { found.formUnion([local.address, local.address &+ local.size]) }
    }
  }
}
