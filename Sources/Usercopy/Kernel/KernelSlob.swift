/// What SLOB keeps in a page: a header in front of every chunk in use, and in every free chunk its length and where
/// the next one is (`set_slob()`).
extension Kernel {
  /// Writes the headers of a page and its list of free chunks anew; only PaX's SLOB has headers.
  mutating func writeChunks(slab: Int) {
    let cache = caches[slabs[slab].cache]
    guard cache.chunkHeader > 0 else { return }
    for (index, object) in slabs[slab].objects.enumerated() where object.state == .live {
      let start = objectAddress(slab: slab, index: index) &- cache.chunkHeader
      writeUnits([object.requestedSize, cache.chunkHeader], at: start)
    }
    let free = freeChunks(slab: slab)
    let end = slabs[slab].base &+ cache.slabBytes
    for (number, chunk) in free.enumerated() {
      let next = number + 1 < free.count ? free[number + 1].start : end
      let place = (next &- slabs[slab].base) / SlobGeometry.unit
      let units = chunk.length / SlobGeometry.unit
      // A chunk of one unit has room for the way to the next alone, and says so by its sign.
      writeUnits(units > 1 ? [units, place] : [0 &- place], at: chunk.start)
    }
  }

  /// Where the first free chunk of a page is (`page->freelist`), its end where none is.
  func firstFreeChunk(slab: Int) -> Address {
    freeChunks(slab: slab).first?.start
      ?? slabs[slab].base &+ caches[slabs[slab].cache].slabBytes
  }

  /// The units of a free chunk (`slob_units()`), and the next one (`slob_next()`).
  func freeChunk(at start: Address) -> (units: UInt64, next: Address) {
    let first = units(at: start)
    let place = first < 0 ? 0 &- first : units(at: start &+ SlobGeometry.unit)
    let page = start.aligned(down: Memory.pageSize)
    return (first > 0 ? UInt64(first) : 1, page &+ UInt64(bitPattern: place) &* SlobGeometry.unit)
  }

  /// A unit of memory as the number with a sign that it holds (`slobidx_t`).
  func units(at address: Address) -> Int64 {
    let bytes = memory.read(address, count: 2)
    return Int64(Int16(truncatingIfNeeded: UInt64(bytes[0]) | UInt64(bytes[1]) << 8))
  }

  private mutating func writeUnits(_ values: [UInt64], at start: Address) {
    let bytes = values.flatMap {
      [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)]
    }
    memory.write(bytes, at: start)
    origins.set(.kernel, start: start, length: UInt64(bytes.count))
  }

  /// Bytes between the chunks in use, neighbours taken together.
  private func freeChunks(slab: Int) -> [ByteRange] {
    let cache = caches[slabs[slab].cache]
    var free: [ByteRange] = []
    var start = slabs[slab].base
    for (index, object) in slabs[slab].objects.enumerated() where object.state == .live {
      let chunk = objectAddress(slab: slab, index: index) &- cache.chunkHeader
      if chunk > start { free.append(ByteRange(start: start, length: chunk - start)) }
      start = chunk &+ SlobGeometry.chunk(object.requestedSize, align: cache.chunkHeader)
    }
    let end = slabs[slab].base &+ cache.slabBytes
    if end > start { free.append(ByteRange(start: start, length: end - start)) }
    return free
  }
}
