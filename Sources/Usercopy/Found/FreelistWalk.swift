/// A free list followed through the bytes of a slab.
public struct FreelistWalk: Sendable, Hashable {
  /// Where a list ends.
  public enum End: Sendable, Hashable {
    /// In NULL, as it should.
    case null
    /// It comes back to a slot that it has been through.
    case cycle(slot: Int)
    /// It leads out of the slab.
    case outside(Address)
    /// It leads into the slab, but to no slot's start.
    case noSlot(Address)
    /// A pointer lies outside the bytes that are known.
    case unreadable(slot: Int)
  }

  /// Its first pointer (`freelist`).
  public var head: Address
  /// The slots it goes through, in the order they are handed out.
  public var slots: [Int]
  /// Where it ends.
  public var end: End

  /// A list from its parts.
  public init(head: Address, slots: [Int], end: End) {
    self.head = head
    self.slots = slots
    self.end = end
  }

  /// It ends in NULL.
  public var isWhole: Bool { end == .null }
}

/// A free slot's place in a list that was found.
public struct ListedSlot: Sendable, Hashable {
  /// What a slot points to.
  public enum Next: Sendable, Hashable {
    case slot(Int)
    /// The list ends there.
    case end(FreelistWalk.End)
  }

  /// Which one of its list it is, from 1.
  public var place: Int
  /// What it points to.
  public var next: Next
}

extension Slab {
  /// A free slot's place in the list that was found with it; nil for slots that no list goes through.
  public func listed(_ slot: Int) -> ListedSlot? {
    for walk in foundLists {
      guard let index = walk.slots.firstIndex(of: slot) else { continue }
      let next =
        index + 1 < walk.slots.count
        ? ListedSlot.Next.slot(walk.slots[index + 1]) : .end(walk.end)
      return ListedSlot(place: index + 1, next: next)
    }
    return nil
  }
}

/// The free lists of a slab, read from its bytes as `get_freepointer()` reads them (mm/slub.c).
public struct FreelistReader: Sendable {
  /// First byte of the slab.
  public var base: Address
  /// The cache: stride, place of the pointer, left red zone.
  public var cache: SlabCache
  /// Slots of the slab.
  public var slots: Int
  /// How pointers are stored.
  public var encoding: FreelistEncoding
  /// The width of addresses.
  public var word: WordSize
  /// The slab's bytes.
  public var bytes: [UInt8]

  /// A reader of a slab's bytes.
  public init(
    base: Address, cache: SlabCache, slots: Int, encoding: FreelistEncoding, word: WordSize,
    bytes: [UInt8]
  ) {
    self.base = base
    self.cache = cache
    self.slots = slots
    self.encoding = encoding
    self.word = word
    self.bytes = bytes
  }

  /// Follows a list from its first pointer; it takes as many steps as the slab has slots, at most.
  public func walk(from head: Address) -> FreelistWalk {
    var walk = FreelistWalk(head: head, slots: [], end: .null)
    var met = [Bool](repeating: false, count: max(0, slots))
    var next = head
    while next != 0 {
      guard let slot = slot(at: next) else {
        walk.end = isInside(next) ? .noSlot(next) : .outside(next)
        return walk
      }
      guard !met[slot] else {
        walk.end = .cycle(slot: slot)
        return walk
      }
      met[slot] = true
      walk.slots.append(slot)
      guard let pointer = pointer(in: slot) else {
        walk.end = .unreadable(slot: slot)
        return walk
      }
      next = pointer
    }
    return walk
  }

  /// The pointer that a slot holds, decoded; nil where its bytes are not known.
  public func pointer(in slot: Int) -> Address? {
    let offset = UInt64(slot) &* cache.stride &+ cache.redLeftPad &+ cache.freeptrOffset
    guard slot >= 0, offset <= UInt64(bytes.count), UInt64(bytes.count) - offset >= word.bytes
    else { return nil }
    let start = Int(offset)
    let stored = bytes[start..<start + Int(word.bytes)].reversed().reduce(UInt64(0)) {
      $0 << 8 | UInt64($1)
    }
    return encoding.decoded(stored, at: base &+ offset, random: cache.random ?? 0, word: word)
  }

  /// The slot whose object starts at an address.
  public func slot(at address: Address) -> Int? {
    let first = base &+ cache.redLeftPad
    guard address >= first, cache.stride > 0, (address - first) % cache.stride == 0 else {
      return nil
    }
    let number = (address - first) / cache.stride
    return number < UInt64(max(0, slots)) ? Int(number) : nil
  }

  private func isInside(_ address: Address) -> Bool {
    address >= base && address - base < cache.slabBytes
  }
}
