/// What `struct page` says of a page of the direct map.
public struct PageDescriptor: Sendable, Hashable {
  /// What the page serves.
  public enum Use: Sendable, Hashable {
    /// Handed out by the page allocator, alone.
    case plain
    /// Part of a slab: index into `Kernel.slabs`.
    case slab(Int)
    /// Part of a compound page of this many bytes.
    case compound(bytes: UInt64)
    /// `PageReserved`.
    case reserved
  }

  /// Address of the head page; the page itself unless compound.
  public var head: Address
  /// What the page serves.
  public var use: Use

  /// A page of a compound page that starts at `head`.
  public init(head: Address, use: Use) {
    self.head = head
    self.use = use
  }
}

/// Whole pages handed out together. No check can see where they end unless they are a compound page.
public struct PageBlock: Sendable, Hashable {
  /// First byte.
  public var start: Address
  /// Bytes of the pages.
  public var bytes: UInt64
  /// Bytes that were asked for, from the start.
  public var requested: UInt64
  /// Who asked for them; nil for slabs and stacks.
  public var holder: Holder?
  /// `kmalloc()` asked for them, not their user.
  public var isKmalloc: Bool
  /// They were given back; the direct map still shows what they hold.
  public internal(set) var isFreed = false

  /// An allocation of `bytes` bytes, of which `requested` were asked for.
  public init(
    start: Address, bytes: UInt64, requested: UInt64? = nil, holder: Holder? = nil,
    isKmalloc: Bool = false
  ) {
    self.isKmalloc = isKmalloc
    self.start = start
    self.bytes = bytes
    self.requested = requested ?? bytes
    self.holder = holder
  }

  /// First address behind the block.
  var end: Address { start &+ bytes }
}

/// The page lookups that checks make: `virt_addr_valid`, `virt_to_head_page`, `PageSlab`.
public struct PageMap: Sendable, Equatable {
  /// Parts of the direct map with memory behind them: `virt_addr_valid` is true inside.
  public var ram: [Range<Address>]
  private var descriptors: [UInt64: PageDescriptor] = [:]
  /// By address.
  private var blocks: [PageBlock] = []

  /// A map with nothing handed out.
  public init(ram: [Range<Address>] = []) { self.ram = ram }

  /// `virt_addr_valid()`.
  public func isValid(_ address: Address) -> Bool { ram.contains { $0.contains(address) } }

  /// `virt_to_head_page()` and its flags, for a valid address.
  public func descriptor(at address: Address) -> PageDescriptor {
    let page = address.aligned(down: Memory.pageSize)
    return descriptors[page] ?? PageDescriptor(head: page, use: .plain)
  }

  /// The first page above one that serves something, at most `end`.
  func nextUsed(above page: Address, upTo end: Address) -> Address {
    let used = descriptors.keys.lazy.filter { $0 > page && $0 < end }.min()
    return used ?? end
  }

  /// The block handed out that an address lies in.
  public func block(at address: Address) -> PageBlock? {
    guard let block = blocks.last(startingBy: address, \.start),
      address - block.start < block.bytes
    else { return nil }
    return block
  }

  /// Remembers a block.
  mutating func handOut(_ block: PageBlock) {
    let index =
      blocks.last.map { $0.start < block.start } ?? true
      ? blocks.endIndex : blocks.firstIndex { $0.start > block.start } ?? blocks.endIndex
    blocks.insert(block, at: index)
  }

  /// Whether any page of a range was handed out or serves something.
  func isTaken(start: Address, bytes: UInt64) -> Bool {
    if let block = blocks.last(startingBy: start &+ (bytes - 1), \.start), block.end > start {
      return true
    }
    return stride(from: start, to: start &+ bytes, by: Int(Memory.pageSize)).contains {
      descriptors[$0.aligned(down: Memory.pageSize)] != nil
    }
  }

  /// Says what the pages of `[start, start + bytes)` serve, `start` being their head page.
  public mutating func setUse(_ use: PageDescriptor.Use, start: Address, bytes: UInt64) {
    var page = start
    while page &- start < bytes {
      descriptors[page] = PageDescriptor(head: start, use: use)
      page = page &+ Memory.pageSize
    }
  }

  /// Gives the pages of a slab back to the page allocator: nobody has them, the direct map still shows them.
  mutating func drop(_ start: Address) {
    guard let index = blocks.firstIndex(where: { $0.start == start }) else { return }
    blocks[index].isFreed = true
    clear(start, blocks[index].end)
  }

  /// Forgets blocks whose pages are handed out anew.
  mutating func forget(_ start: Address, bytes: UInt64) {
    blocks.removeAll { $0.isFreed && $0.start < start &+ bytes && start < $0.end }
  }

  private mutating func clear(_ start: Address, _ end: Address) {
    var page = start
    while page < end {
      descriptors[page] = nil
      page += Memory.pageSize
    }
  }

  /// Gives a block back to the page allocator by its start; nil where none starts that somebody has.
  mutating func release(_ start: Address) -> PageBlock? {
    guard let index = blocks.firstIndex(where: { $0.start == start }), !blocks[index].isFreed,
      blocks[index].holder != nil
    else { return nil }
    blocks[index].isFreed = true
    clear(start, blocks[index].end)
    return blocks[index]
  }
}
