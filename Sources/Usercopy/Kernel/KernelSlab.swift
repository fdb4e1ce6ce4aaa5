import KernelHistory

extension Kernel {
  /// Adds a cache; returns its index.
  @discardableResult
  public mutating func addCache(_ cache: SlabCache) -> Int {
    caches.append(cache)
    return caches.count - 1
  }

  /// Creates a cache as the configured allocator lays it out, or lets the creator share one that is laid
  /// out like it.
  @discardableResult
  public mutating func createCache(_ request: CacheRequest, geometry: SlabGeometry? = nil) -> Int {
    var request = request
    // What a kernel tells has its debugging in it.
    if request.given == nil { request.flags.formUnion(debugFlags(for: request)) }
    if configuration.allocator == .slub,
      AllocatorChange.kmallocTrack.holds(in: configuration.release)
    {
      request.isKmalloc = request.isKmalloc || CacheNames.isKmalloc(request.name)
    }
    request.sameOrderOnly = configuration.slabDebug.contains(.sameOrderOnly)
    if request.orders == 0...3 { request.orders = configuration.slubOrders }
    let release = configuration.release
    if configuration.allocator == .slub, configuration.slabDebug.isEmpty,
      AllocatorChange.lazyRedZone.holds(in: release),
      request.flags.contains(.redZone)
    {
      request.flags.remove(.redZone)
      request.flags.insert(.redZoneFlagOnly)
    }
    if let shared = mergeable(request) {
      merge(request, into: shared)
      return shared
    }
    let geometry = geometry ?? SlabGeometry(configuration)
    return addCache(geometry.cache(request, wordSize: configuration.wordSize))
  }

  /// What debugging, as built or booted, does to a new cache.
  private func debugFlags(for request: CacheRequest) -> CacheFlags {
    let debug = configuration.slabDebug
    var flags: CacheFlags = []
    if debug.contains(.redZone) { flags.insert(.redZone) }
    if debug.contains(.poison) { flags.insert(.poison) }
    if debug.contains(.storeUser) { flags.insert(.storeUser) }
    if configuration.allocator == .slab, configuration.release > .of2011 {
      if !ModernSLAB.isDebugged(objectSize: request.objectSize) {
        flags.subtract([.redZone, .storeUser])
      }
      if request.flags.contains(.typesafeByRCU) { flags.remove(.poison) }
    }
    return flags
  }

  /// The cache of that name, its own or that of one that shares it.
  public func cache(named name: String) -> Int? {
    caches.firstIndex { $0.name == name || $0.aliases.contains(name) }
  }

  /// Takes fresh pages from the direct map, for `requested` bytes of them or all. Returns the address of the
  /// first.
  public mutating func takePages(
    order: Int, use: PageDescriptor.Use? = nil, requested: UInt64? = nil, label: String? = nil,
    layout: StructLayout? = nil
  ) -> Address {
    let bytes = Memory.pageSize << UInt64(min(max(order, 0), 10))
    let base = takeGivenBack(order: order) ?? freshPages(bytes)
    let holder = label.map { newHolder(.pages, $0, at: base, layout: layout) }
    pages.handOut(
      PageBlock(
        start: base, bytes: bytes, requested: requested, holder: holder,
        isKmalloc: requested != nil))
    if let use { pages.setUse(use, start: base, bytes: bytes) }
    return base
  }

  private mutating func freshPages(_ bytes: UInt64) -> Address {
    nextPage = nextPage.aligned(up: bytes)
    // Pages that were found in a kernel's memory are taken.
    while pages.isTaken(start: nextPage, bytes: bytes) { nextPage += bytes }
    defer { nextPage += bytes }
    memory.map(Mapping(start: nextPage, length: bytes))
    return nextPage
  }

  /// Puts a slab of `cache` at `base`; returns its index.
  @discardableResult
  public mutating func placeSlab(
    cache: Int, base: Address, firstSlot: Address? = nil, colour: UInt64 = 0
  ) -> Int {
    let made = caches[cache]
    let first = firstSlot ?? (base &+ colour &+ made.managementBytes)
    slabs.append(
      Slab(
        cache: cache, base: base, firstSlot: first, colour: colour,
        objects: Array(repeating: SlabObject(), count: made.objectsPerSlab)))
    pages.setUse(.slab(slabs.count - 1), start: base, bytes: made.slabBytes)
    memory.map(Mapping(start: base, length: made.slabBytes))
    return slabs.count - 1
  }

  /// First byte of an object as its owner sees it.
  public func objectAddress(slab: Int, index: Int) -> Address {
    let owner = slabs[slab]
    let cache = caches[owner.cache]
    return owner.firstSlot &+ UInt64(index) &* cache.stride &+ cache.objectStart
  }

  /// Takes an object out of a cache: the slot given back last, else the first one never handed out, in a
  /// fresh slab if none is left.
  ///
  /// - Parameters:
  ///   - cache: its index in ``caches``.
  ///   - label: what the owner calls it.
  ///   - requestedSize: bytes asked for; nil for the cache's object size.
  ///   - wanted: a slot to take if it is free.
  ///   - zeroed: with `__GFP_ZERO`.
  ///   - layout: the structure that the owner keeps in it.
  public mutating func allocate(
    cache: Int, label: String, requestedSize: UInt64? = nil, at wanted: Int? = nil,
    zeroed: Bool = false, layout: StructLayout? = nil
  ) -> Address {
    let made = caches[cache]
    let own = slabs.indices.filter { slabs[$0].cache == cache }
    var place: (slab: Int, index: Int)?
    for slab in own where place == nil {
      place = nextSlot(of: slab, wanted: wanted).map { (slab, $0) }
    }
    let slab = place?.slab ?? newSlab(of: cache)
    let index =
      place?.index ?? nextSlot(of: slab, wanted: wanted)
      ?? min(max(0, wanted ?? 0), made.objectsPerSlab - 1)
    let address = objectAddress(slab: slab, index: index)
    let holder = newHolder(.object, label, at: address, layout: layout)
    slabs[slab].objects[index] = SlabObject(
      state: .live, requestedSize: requestedSize ?? made.objectSize, holder: holder)
    unlink(slab: slab, index: index)
    caches[cache].current = slab
    paint(address, made, isActive: true)
    if poisons(made) { poison(address, made, fresh: true) }
    wipeFreePointer(address, made)
    writeChunks(slab: slab)
    if zeroed || (configuration.initOnAlloc && made.canBeCleared) {
      initialise(holder, length: made.objectSize)
    }
    return address
  }

  /// Whether the objects of a cache are filled with poison (`__OBJECT_POISON`): not where a reader or a
  /// constructor counts on what a freed object holds.
  func poisons(_ cache: SlabCache) -> Bool {
    cache.flags.contains(.poison)
      && (configuration.allocator == .slab
        || cache.flags.isDisjoint(with: [.typesafeByRCU, .constructor]))
  }

  private mutating func newSlab(of cache: Int) -> Int {
    let made = caches[cache]
    let used = slabs.count { $0.cache == cache }
    let colour = made.colours > 0 ? UInt64(used % made.colours) * made.colourStep : 0
    let slab = placeSlab(cache: cache, base: takePages(order: made.order), colour: colour)
    for index in slabs[slab].objects.indices {
      let address = objectAddress(slab: slab, index: index)
      if poisons(made) { poison(address, made, fresh: false) }
      paint(address, made, isActive: false)
    }
    if made.flags.contains(.poison), configuration.allocator == .slub { fillTail(slab, made) }
    shuffle(slab: slab)
    return slab
  }

  /// Fills an object, its last byte with 0xa5. SLUB writes 0x6b whenever it touches one: at the birth of the slab, when
  /// it hands the object out (`alloc_debug_processing()`) and when it takes it back. SLAB hands out 0x5a.
  private mutating func poison(_ address: Address, _ cache: SlabCache, fresh: Bool) {
    let byte: UInt8 = fresh && configuration.allocator == .slab ? 0x5a : 0x6b
    let size = Int(min(cache.objectSize, 16 << 20))
    memory.write(repeatElement(byte, count: max(0, size - 1)) + [0xa5], at: address)
    origins.set(.poison, start: address, length: UInt64(size))
  }

  /// `slab_pad`: bytes behind the last slot hold `POISON_INUSE`.
  private mutating func fillTail(_ slab: Int, _ cache: SlabCache) {
    let used =
      (slabs[slab].firstSlot &- slabs[slab].base) &+ UInt64(cache.objectsPerSlab) &* cache.stride
    guard used < cache.slabBytes else { return }
    let start = slabs[slab].base &+ used
    memory.write(repeatElement(0x5a, count: Int(cache.slabBytes - used)), at: start)
    origins.set(.poison, start: start, length: cache.slabBytes - used)
  }

  /// Fills the red zones around an object: SLUB's `0xcc` for one in use and `0xbb` for a free one, SLAB's
  /// `RED_ACTIVE` and `RED_INACTIVE`.
  private mutating func paint(_ address: Address, _ cache: SlabCache, isActive: Bool) {
    guard cache.flags.contains(.redZone) else { return }
    let right = cache.inuse > cache.objectSize ? cache.inuse - cache.objectSize : 0
    for (start, length) in [
      (address &- cache.redLeftPad, cache.redLeftPad), (address &+ cache.objectSize, right),
    ] where length > 0 {
      memory.write(repeatElement(isActive ? 0xcc : 0xbb, count: Int(length)), at: start)
      origins.set(.redZone, start: start, length: length)
    }
    guard cache.objOffset > 0 else { return }
    let magic: UInt64 = isActive ? 0xd841_56c5_6356_88c0 : 0x09f9_1102_9d74_e35b
    memory.setWord(magic, at: address &- 8, size: .bits64)
    origins.set(.redZone, start: address &- 8, length: 8)
  }

  /// The slab object that owns `address`, wherever in its slot that lies.
  public func object(at address: Address) -> (slab: Int, index: Int)? {
    guard pages.isValid(address),
      case .slab(let slab) = pages.descriptor(at: address).use, slabs.indices.contains(slab)
    else { return nil }
    let owner = slabs[slab]
    guard address >= owner.firstSlot else { return nil }
    let index = Int((address - owner.firstSlot) / caches[owner.cache].stride)
    return index < owner.objects.count ? (slab, index) : nil
  }

  /// `free_pages()`: the pages stay in the direct map, and in it what they hold.
  private mutating func freePages(_ address: Address) -> Bool {
    guard let block = pages.release(address) else { return false }
    if configuration.initOnFree {
      memory.write(repeatElement(0, count: Int(block.bytes)), at: block.start)
      origins.set(.cleared, start: block.start, length: block.bytes)
    }
    return true
  }

  /// `kfree()`: gives an object back. False when `address` is no live object's start.
  @discardableResult
  public mutating func free(_ address: Address) -> Bool {
    guard let (slab, index) = object(at: address),
      objectAddress(slab: slab, index: index) == address,
      slabs[slab].objects[index].state == .live
    else {
      if unmapHigh(address) { return true }
      return freePages(address)
    }
    slabs[slab].objects[index].state = .freed
    let cache = caches[slabs[slab].cache]
    if configuration.initOnFree, cache.canBeCleared {
      memory.write(repeatElement(0, count: Int(cache.objectSize)), at: address)
      origins.set(.cleared, start: address, length: cache.objectSize)
    }
    if poisons(cache) { poison(address, cache, fresh: false) }
    paint(address, cache, isActive: false)
    link(slab: slab, index: index)
    writeChunks(slab: slab)
    giveBack(slab)
    return true
  }
}
