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
  public var use: Use

  public init(head: Address, use: Use) {
    self.head = head
    self.use = use
  }
}

/// The page lookups that checks make: `virt_addr_valid`, `virt_to_head_page`, `PageSlab`.
public struct PageMap: Sendable, Equatable {
  /// Parts of the direct map with memory behind them: `virt_addr_valid` is true inside.
  public var ram: [Range<Address>]
  private var descriptors: [UInt64: PageDescriptor] = [:]

  public init(ram: [Range<Address>] = []) { self.ram = ram }

  /// `virt_addr_valid()`.
  public func isValid(_ address: Address) -> Bool { ram.contains { $0.contains(address) } }

  /// `virt_to_head_page()` and its flags, for a valid address.
  public func descriptor(at address: Address) -> PageDescriptor {
    let page = address.aligned(down: Memory.pageSize)
    return descriptors[page] ?? PageDescriptor(head: page, use: .plain)
  }

  /// Says what the pages of `[start, start + bytes)` serve, `start` being their head page.
  public mutating func setUse(_ use: PageDescriptor.Use, start: Address, bytes: UInt64) {
    var page = start
    while page &- start < bytes {
      descriptors[page] = PageDescriptor(head: start, use: use)
      page = page &+ Memory.pageSize
    }
  }

  /// Gives the pages of `[start, start + bytes)` back to the page allocator.
  public mutating func clear(start: Address, bytes: UInt64) {
    var page = start
    while page &- start < bytes {
      descriptors[page] = nil
      page = page &+ Memory.pageSize
    }
  }
}
