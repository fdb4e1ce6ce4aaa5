import Text
import Usercopy

extension World {
  /// Largest object, area or buffer a scenario may ask for, bytes.
  public static let sizeLimit: UInt64 = 4 << 20

  /// Most memory a scenario may have mapped, bytes.
  public static let memoryLimit: UInt64 = 64 << 20

  /// Most bytes all copies of a scenario may have moved: each step is kept, with the memory it found.
  static let moveLimit: UInt64 = 128 << 20

  /// Plays an action: the world after it and what happened. A world an action cannot be done on
  /// stays as it was, and says why.
  public static func step(_ world: World, _ action: Action) -> (World, [Event]) {
    var next = world
    do throws(ActionError) {
      let events = try next.perform(action)
      return (next, events)
    } catch {
      return (world, [.refused(error)])
    }
  }

  /// Does an action.
  public mutating func perform(_ action: Action) throws(ActionError) -> [Event] {
    guard moved <= Self.moveLimit else { throw .movedTooMuch(limit: Self.moveLimit) }
    let logged = kernel.log.count
    var events = try act(action)
    for case .copied(let report) in events { moved += min(report.outcome.written, 16 << 20) }
    events += kernel.log[logged...].map { .logged($0) }
    return events
  }

  private mutating func act(_ action: Action) throws(ActionError) -> [Event] {
    switch action {
    case .alloc(let alloc): return try allocate(alloc)
    case .free(let name): return try free(name)
    case .call(let call): return try enter(call)
    case .return: return try leave()
    case .vmalloc(let name, let size):
      try claim(name, size)
      return named(name, kernel.vmalloc(size, name: name), size, .area)
    case .pages(let name, let order, let compound):
      return try takePages(name, order, compound)
    case .user(let buffer): return try mapUser(buffer)
    case .image(let part): return try place(part)
    case .module(let part): return try load(part)
    case .kmap(let name, let isLocal): return try mapHigh(name, isLocal: isLocal)
    case .task(let name, let stack):
      guard stack <= 1 << 16 else { throw .tooLarge(name, bytes: stack, limit: 1 << 16) }
      kernel.addTask(name, size: max(4096, stack))
      return [.createdTask(name)]
    case .run(let task): return try switchTo(task)
    case .write(let place, let offset, let bytes): return try write(place, offset, bytes)
    case .copy(let copy): return try make(copy)
    case .era(let id):
      guard let era = Era.named(id) else { throw .unknownEra(id, known: Era.all.map(\.id)) }
      self.era = era
      return [.judgedBy(era: id)]
    case .note: return []
    case .open(let file, let nonblocking): return try open(file, nonblocking: nonblocking)
    case .close(let file): return try close(file)
    case .ioctl(let call): return try ioctl(call)
    case .host(let call): return try host(call)
    case .gadgetfs(let call): return try gadgetfs(call)
    case .wait(let milliseconds): return wait(milliseconds)
    case .signal(let thread, let restarts): return try signal(thread, restarts: restarts)
    }
  }

  private func claim(_ name: String, _ size: UInt64) throws(ActionError) {
    guard size <= Self.sizeLimit else {
      throw .tooLarge(name, bytes: size, limit: Self.sizeLimit)
    }
    guard names[name]?.isLive != true else { throw .nameTaken(name) }
    guard kernel.memory.mappedBytes < Self.memoryLimit else { throw .noRoom(name) }
  }

  private mutating func allocate(_ alloc: Action.Alloc) throws(ActionError) -> [Event] {
    let layout = alloc.structure?.layout(kernel.configuration)
    let address: Address
    var size = alloc.size ?? layout?.size ?? 0
    try claim(alloc.name, size)
    if let cacheName = alloc.cache {
      let cache = try cache(cacheName)
      size = alloc.size ?? kernel.caches[cache].objectSize
      try check(alloc, slotsOf: cache)
      try Self.check(alloc.name, layout, fits: size)
      try Self.check(alloc.name, alloc.bytes, fits: size)
      address = kernel.allocate(
        cache: cache, label: alloc.name, requestedSize: size, at: alloc.slot,
        zeroed: alloc.isZeroed, layout: layout)
    } else {
      // Asked first: it may make the cache, which a world read before does not have.
      let cache = size > 0 ? kernel.kmallocCache(for: size) : nil
      try check(alloc, slotsOf: cache)
      try Self.check(alloc.name, layout, fits: size)
      try Self.check(alloc.name, alloc.bytes, fits: size)
      let made = kernel.kmalloc(
        size, label: alloc.name, at: alloc.slot, zeroed: alloc.isZeroed, layout: layout)
      guard let got = made else { throw .noRoom(alloc.name) }
      address = got
    }
    kernel.write(alloc.bytes, at: address)
    names[alloc.name] = Named(
      address: address, size: size, kind: .object, isLive: true, holder: kernel.holder(at: address))
    guard let (slab, slot) = kernel.object(at: address) else {
      return [.mapped(name: alloc.name, address: address, size: size)]
    }
    return [
      .allocated(
        name: alloc.name, cache: kernel.caches[kernel.slabs[slab].cache].name, slot: slot,
        address: address, size: size)
    ]
  }

  /// A structure must fit into what its owner asked for.
  private static func check(
    _ name: String, _ layout: StructLayout?, fits size: UInt64
  ) throws(ActionError) {
    guard let layout, layout.size > size else { return }
    throw .structureTooLarge(name, bytes: layout.size, limit: size)
  }

  /// What is given must fit into what its owner asked for.
  private static func check(
    _ name: String, _ bytes: [UInt8], fits size: UInt64
  ) throws(ActionError) {
    guard UInt64(bytes.count) > size else { return }
    throw .contentTooLarge(name, bytes: bytes.count, limit: size)
  }

  /// A slot that is asked for must be one of the cache's.
  private func check(_ alloc: Action.Alloc, slotsOf cache: Int?) throws(ActionError) {
    guard let slot = alloc.slot else { return }
    let slots = cache.map { kernel.caches[$0].objectsPerSlab } ?? 0
    guard slot < slots else { throw .noSlot(alloc.name, slots: slots) }
  }

  /// The cache of that name; kmalloc's caches are there without being declared.
  private mutating func cache(_ name: String) throws(ActionError) -> Int {
    if let known = kernel.cache(named: name) { return known }
    for size in Kernel.kmallocSizes where kernel.kmallocName(size) == name {
      if let made = kernel.kmallocCache(for: size) { return made }
    }
    let kmalloc = Kernel.kmallocSizes.map { kernel.kmallocName($0) }
    throw .unknownCache(name, known: kernel.caches.map(\.name) + kmalloc)
  }

  private mutating func free(_ name: String) throws(ActionError) -> [Event] {
    guard let named = names[name] else { throw .unknownName(name, known: knownNames) }
    let slab = kernel.object(at: named.address)?.slab
    guard named.isLive, named.kind != .user, kernel.free(named.address) else {
      throw .notAllocated(name)
    }
    names[name]?.isLive = false
    let freed = Event.freed(name: name, address: named.address)
    return [freed] + [slab.flatMap(gaveBack)].compactMap(\.self)
  }

  private func gaveBack(_ slab: Int) -> Event? {
    let (owner, cache) = (kernel.slabs[slab], kernel.caches[kernel.slabs[slab].cache])
    return owner.isGone
      ? .gaveBack(cache: cache.name, address: owner.base, bytes: cache.slabBytes) : nil
  }

  private mutating func enter(_ call: Action.Call) throws(ActionError) -> [Event] {
    var locals: [LocalRequest] = []
    for local in call.locals {
      let layout = local.structure?.layout(kernel.configuration)
      let size = local.size ?? layout?.size ?? 0
      try Self.check(local.name, layout, fits: size)
      locals.append(
        LocalRequest(name: local.name, size: size, initial: local.initial, layout: layout))
    }
    guard kernel.call(call.function, locals: locals, savedRegisters: call.savedRegisters) else {
      throw .stackFull(function: call.function)
    }
    let frame = kernel.currentStack.frames.last?.framePointer
    return [
      .called(
        function: call.function, framePointer: kernel.configuration.framePointer ? frame : nil)
    ]
  }

  private mutating func leave() throws(ActionError) -> [Event] {
    let function = kernel.currentStack.frames.last?.function ?? ""
    guard kernel.returnFromCall() else { throw .emptyStack }
    return [.returned(function: function)]
  }

  private mutating func takePages(_ name: String, _ order: Int, _ compound: Bool)
    throws(ActionError) -> [Event]
  {
    let bytes = Memory.pageSize << UInt64(min(max(0, order), 20))
    try claim(name, bytes)
    let address = kernel.takePages(
      order: order, use: compound ? .compound(bytes: bytes) : nil, label: name)
    names[name] = Named(
      address: address, size: bytes, kind: .pages, isLive: true, holder: kernel.holder(at: address))
    return [.mapped(name: name, address: address, size: bytes)]
  }

  private mutating func mapUser(_ buffer: Action.UserBuffer) throws(ActionError) -> [Event] {
    try claim(buffer.name, buffer.length)
    try Self.check(buffer.name, buffer.bytes, fits: buffer.length)
    let address = kernel.mapUser(buffer.length, protection: .readWrite)
    kernel.write(buffer.bytes, at: address)
    if buffer.protection == .readOnly {
      kernel.map(start: address, length: buffer.length, protection: .readOnly)
    }
    names[buffer.name] = Named(
      address: address, size: buffer.length, kind: .user, isLive: true)
    return [.mapped(name: buffer.name, address: address, size: buffer.length)]
  }

  private mutating func place(_ part: Action.Image) throws(ActionError) -> [Event] {
    try claim(part.name, part.size)
    try Self.check(part.name, part.bytes, fits: part.size)
    let section = kernel.layout.range(of: part.section)
    let offset = part.offset ?? imageUsed[part.section, default: 0]
    guard
      let address = kernel.placeInImage(
        part.section, offset: offset, size: part.size, bytes: part.bytes, name: part.name)
    else {
      let room = section.upperBound - section.lowerBound
      throw .tooLarge(part.name, bytes: part.size, limit: room - min(room, offset))
    }
    imageUsed[part.section] = max(
      imageUsed[part.section, default: 0], (offset + part.size).aligned(up: Self.imageAlignment))
    names[part.name] = Named(
      address: address, size: part.size, kind: .image, isLive: true,
      holder: kernel.holder(at: address))
    return [.mapped(name: part.name, address: address, size: part.size)]
  }

  private mutating func load(_ part: Action.Module) throws(ActionError) -> [Event] {
    try claim(part.name, part.size)
    try Self.check(part.name, part.bytes, fits: part.size)
    let address = kernel.loadModule(
      part.section, size: part.size, bytes: part.bytes, name: part.name)
    guard let address else { throw .noRoom(part.name) }
    return named(part.name, address, part.size, .area)
  }

  private mutating func mapHigh(_ name: String, isLocal: Bool) throws(ActionError) -> [Event] {
    try claim(name, Memory.pageSize)
    guard let address = kernel.kmap(name, isLocal: isLocal) else { throw .noRoom(name) }
    return named(name, address, Memory.pageSize, .pages)
  }

  private mutating func named(
    _ name: String, _ address: Address, _ size: UInt64, _ kind: Named.Kind
  ) -> [Event] {
    names[name] = Named(
      address: address, size: size, kind: kind, isLive: true, holder: kernel.holder(at: address))
    return [.mapped(name: name, address: address, size: size)]
  }

  private mutating func switchTo(_ task: String) throws(ActionError) -> [Event] {
    guard let index = kernel.stacks.firstIndex(where: { $0.task == task }) else {
      throw .unknownTask(task, known: kernel.stacks.map(\.task))
    }
    kernel.switchTo(task: index)
    return [.switched(task: task)]
  }

  private mutating func write(_ place: Place, _ offset: Int64, _ bytes: [UInt8])
    throws(ActionError) -> [Event]
  {
    let address = kernel.configuration.wordSize.add(
      try resolve(place), UInt64(bitPattern: offset))
    kernel.write(bytes, at: address, for: holder(of: place))
    return [.wrote(place: place.spelling, address: address, count: bytes.count)]
  }

  private mutating func make(_ copy: Action.Copy) throws(ActionError) -> [Event] {
    let attempt = try attempt(copy)
    let before = kernel
    let outcome = kernel.copy(attempt, under: era)
    let report = CopyReport(
      outcome: outcome, place: copy.place.spelling, offset: copy.offset, on: before)
    lastCopy = report
    lastRequest = copy
    return [.copied(report)]
  }
}
