import KernelHistory

/// A slab as it was found in a kernel's memory.
public struct FoundSlab: Sendable, Hashable {
  /// Name of its cache.
  public var cache: String
  /// First byte of the head page.
  public var base: Address
  /// What has become of each slot: in use, free or not known.
  public var slots: [ObjectState]
  /// First pointers of its free lists, the processor's own first.
  public var heads: [Address]
  /// What is known to lie in slots, by their numbers.
  public var names: [Int: String]
  /// Its bytes, from ``base`` on.
  public var bytes: [UInt8]

  /// A slab from its parts.
  public init(
    cache: String, base: Address, slots: [ObjectState], heads: [Address] = [],
    names: [Int: String] = [:], bytes: [UInt8]
  ) {
    self.cache = cache
    self.base = base
    self.slots = slots
    self.heads = heads
    self.names = names
    self.bytes = bytes
  }

  /// What scenarios call a slot that nothing else is known of.
  public static func name(ofSlot number: Int) -> String { "slot\(number)" }
}

extension Kernel {
  /// Puts a slab in its place with the bytes it was found with; its index, or nil where other pages lie there.
  ///
  /// Who wrote each byte cannot be found: those of a slot in use count as its owner's.
  @discardableResult
  public mutating func place(_ found: FoundSlab, cache: Int) -> Int? {
    let made = caches[cache]
    guard isFree(found.base, made.slabBytes) else { return nil }
    let slab = placeSlab(cache: cache, base: found.base)
    slabs[slab].isFound = true
    holdsFoundMemory = true
    pages.handOut(PageBlock(start: found.base, bytes: made.slabBytes))
    memory.write(found.bytes.prefix(Int(made.slabBytes)), at: found.base)
    for index in slabs[slab].objects.indices {
      adopt(slot: index, of: slab, from: found)
    }
    let reader = FreelistReader(
      base: found.base, cache: made, slots: slabs[slab].objects.count,
      encoding: freelistEncoding, word: configuration.wordSize, bytes: found.bytes)
    slabs[slab].foundLists = found.heads.map(reader.walk(from:))
    var listed = Set<Int>()
    let order = slabs[slab].foundLists.flatMap(\.slots).filter {
      slabs[slab].objects[$0].state == .freed && listed.insert($0).inserted
    }
    slabs[slab].freed = order.reversed()
    for index in order { signFreePointer(slab: slab, index: index) }
    return slab
  }

  /// How this kernel stores free pointers.
  public var freelistEncoding: FreelistEncoding {
    if let told = configuration.freelistEncoding { return told }
    guard configuration.freelistHardened else { return .plain }
    return AllocatorChange.swabbedPointer.holds(in: configuration.release) ? .xorSwab : .xor
  }

  /// Whether no slab and no stack lies in a range of the direct map.
  private func isFree(_ start: Address, _ bytes: UInt64) -> Bool {
    guard pages.isValid(start), bytes > 0, pages.isValid(start &+ (bytes - 1)) else { return false }
    return !pages.isTaken(start: start, bytes: bytes)
  }

  private mutating func adopt(slot index: Int, of slab: Int, from found: FoundSlab) {
    let made = caches[slabs[slab].cache]
    let state = found.slots.indices.contains(index) ? found.slots[index] : .unknown
    let address = objectAddress(slab: slab, index: index)
    let name = found.names[index] ?? FoundSlab.name(ofSlot: index)
    let holder = newHolder(.object, name, at: address)
    slabs[slab].objects[index] = SlabObject(
      state: state, requestedSize: made.objectSize, holder: holder)
    guard state != .never else { return }
    origins.set(.owner(holder), start: address, length: made.objectSize)
  }
}
