/// What has become of a slot.
public enum ObjectState: String, Sendable, Hashable {
  /// Never handed out.
  case never
  /// Handed out and in use.
  case live
  /// Given back.
  case freed
  /// Whether it is handed out cannot be told: its slab's free list is damaged.
  case unknown

  /// Whether it can be handed out.
  public var isFree: Bool { self == .never || self == .freed }
}

/// A slot of a slab as its user knows it.
public struct SlabObject: Sendable, Hashable {
  /// Whether it is handed out.
  public var state: ObjectState
  /// Bytes the owner asked for: less than the cache's object size leaves slack.
  public var requestedSize: UInt64
  /// The allocation that has the slot, or had it last.
  public var holder: Holder?

  /// What the owner calls it; empty for none.
  public var label: String { holder?.name ?? "" }

  /// A slot, never handed out if nothing else is said.
  public init(
    state: ObjectState = .never, requestedSize: UInt64 = 0, holder: Holder? = nil
  ) {
    self.state = state
    self.requestedSize = requestedSize
    self.holder = holder
  }
}

/// A slab: pages of one cache with their objects.
public struct Slab: Sendable, Equatable {
  /// Index into `Kernel.caches`.
  public var cache: Int
  /// First byte of the head page.
  public var base: Address
  /// First slot (`s_mem` under SLAB; under SLUB the base).
  public var firstSlot: Address
  /// SLAB: bytes left free in front by the colour.
  public var colour: UInt64
  /// Its slots, in address order.
  public var objects: [SlabObject]
  /// Slots given back, the last one last: it is handed out next.
  public internal(set) var freed: [Int] = []
  /// Free lists as they were found in a kernel's memory, the processor's own first; empty for slabs made here.
  public internal(set) var foundLists: [FreelistWalk] = []
  /// It was empty, and its pages were given back to the page allocator.
  public internal(set) var isGone = false
  /// It was found in a real kernel's memory.
  public internal(set) var isFound = false

  /// A slab from its parts.
  public init(
    cache: Int, base: Address, firstSlot: Address, colour: UInt64 = 0, objects: [SlabObject]
  ) {
    self.cache = cache
    self.base = base
    self.firstSlot = firstSlot
    self.colour = colour
    self.objects = objects
  }
}
