public import Simulation
import Usercopy

/// Who wrote which byte of kernel memory, kept byte by byte beside the machine's own run lengths.
public struct ByteLedger {
  /// Who gave a byte its value.
  private enum Writer: Equatable {
    /// The holder of that serial number, or what its bytes were filled with for it.
    case holder(UInt64)
    /// Zeros of `init_on_free`, which are anybody's.
    case zeros
    /// The kernel's or the allocator's own.
    case machine
    /// The ledger cannot say: a free slot's pointer is kept in another one, a check may have been asked.
    case unsure
  }

  private struct Extent {
    var start: Address
    var size: UInt64
    var isLive = true
    /// The task whose stack it lies on: to all others it is somebody else's.
    var task: String?
  }

  /// Bytes never written have no entry.
  private var writers: [Address: Writer] = [:]
  /// What was handed out, by the holder's serial number.
  private var extents: [UInt64: Extent] = [:]
  /// Locals of running functions by task, outermost first.
  private var frames: [String: [[UInt64]]] = [:]

  /// A ledger of a machine on which nothing was done.
  public init() {}

  /// Notes what an action did that took the world from `before` to `after`.
  public mutating func note(_ action: Action, _ events: [Event], _ before: World, _ after: World) {
    for event in events {
      switch event {
      case .allocated(_, _, _, let address, let size): allocate(action, address, size, after)
      case .mapped(_, let address, let size): map(action, address, size, after)
      case .freed(_, let address): free(address, before, after)
      case .gaveBack(_, let address, let bytes):
        if after.kernel.configuration.initOnFree { set(.zeros, address, bytes) }
      case .called: call(action, after)
      case .returned: leave(before)
      case .wrote(_, let address, let count): write(action, address, count, before)
      case .copied(let report): copy(report, before)
      default: break
      }
    }
  }

  /// The byte of a copy that is told as own and is not, or the other way round.
  ///
  /// Own is what the place's owner holds, and where values go out what it wrote.
  public func broken(_ report: CopyReport, on before: World) -> String? {
    let attempt = report.outcome.attempt
    guard let holder = attempt.intent, holder.kind != .user, attempt.direction != .userToUser else {
      return nil
    }
    let task = before.kernel.currentStack.task
    for run in report.effect.moved + report.effect.cleared where run.kind != .user {
      for offset in 0..<min(run.length, 300) {
        let byte = run.start + offset
        guard let isHeld = isHeld(byte, of: holder, by: task),
          let isOwn = isHeld && attempt.direction == .toUser ? isWritten(byte, by: holder) : isHeld
        else { continue }
        if isOwn != run.story.isClean {
          return "byte \(byte &- attempt.kernel) is told as \(run.story) by \(run.author), own is "
            + "\(isOwn)"
        }
      }
    }
    return nil
  }

  /// Whether a holder has a byte, which is asked for by a task; nil for a holder the ledger does not know.
  private func isHeld(_ byte: Address, of holder: Holder, by task: String) -> Bool? {
    guard let extent = extents[holder.serial] else { return nil }
    if let owner = extent.task, owner != task { return false }
    return extent.isLive && byte >= extent.start && byte - extent.start < extent.size
  }

  /// Whether a byte has its value from a holder, or has none yet; nil where the ledger cannot say.
  private func isWritten(_ byte: Address, by holder: Holder) -> Bool? {
    switch writers[byte] {
    case nil, .zeros: true
    case .holder(let writer): writer == holder.serial
    case .machine: false
    case .unsure: nil
    }
  }

  private mutating func set(_ writer: Writer, _ start: Address, _ length: UInt64) {
    for offset in 0..<length { writers[start &+ offset] = writer }
  }

  private mutating func allocate(
    _ action: Action, _ address: Address, _ size: UInt64, _ after: World
  ) {
    guard case .alloc(let alloc) = action, let holder = after.kernel.holder(at: address),
      let (slab, _) = after.kernel.object(at: address)
    else { return }
    let kernel = after.kernel
    let cache = kernel.caches[kernel.slabs[slab].cache]
    extents[holder.serial] = Extent(start: address, size: size)
    if cache.chunkHeader > 0 { chunks(of: kernel.slabs[slab], cache.slabBytes) }
    if kernel.configuration.allocator == .slub {
      let isWiped = kernel.configuration.initOnFree
      let word = kernel.configuration.wordSize.bytes
      if writers[address + cache.freeptrOffset] == .machine || !isWiped {
        set(isWiped ? .zeros : .unsure, address + cache.freeptrOffset, word)
      }
    }
    if alloc.isZeroed || kernel.configuration.initOnAlloc {
      set(.holder(holder.serial), address, cache.objectSize)
    }
    set(.holder(holder.serial), address, UInt64(alloc.bytes.count))
  }

  /// SLOB of PaX keeps lengths and ways in its free chunks; in which bytes of them the ledger does not know.
  private mutating func chunks(of slab: Slab, _ bytes: UInt64) {
    let live = extents.values.filter {
      $0.isLive && $0.start >= slab.base && $0.start - slab.base < bytes
    }
    var position = slab.base
    for extent in live.sorted(by: { $0.start < $1.start }) {
      if extent.start > position { set(.unsure, position, extent.start - position) }
      position = max(position, extent.start + extent.size)
    }
    if position < slab.base + bytes { set(.unsure, position, slab.base + bytes - position) }
  }

  private mutating func map(_ action: Action, _ address: Address, _ size: UInt64, _ after: World) {
    guard let holder = after.kernel.holder(at: address) else { return }
    extents[holder.serial] = Extent(start: address, size: size)
    if case .alloc(let alloc) = action {
      if alloc.isZeroed || after.kernel.configuration.initOnAlloc {
        set(.holder(holder.serial), address, size)
      }
      set(.holder(holder.serial), address, UInt64(alloc.bytes.count))
    }
  }

  private mutating func free(_ address: Address, _ before: World, _ after: World) {
    if let holder = before.kernel.holder(at: address) { extents[holder.serial]?.isLive = false }
    guard let (slab, _) = before.kernel.object(at: address) else { return }
    let kernel = after.kernel
    let cache = kernel.caches[kernel.slabs[slab].cache]
    if kernel.configuration.initOnFree { set(.zeros, address, cache.objectSize) }
    if cache.chunkHeader > 0 { chunks(of: kernel.slabs[slab], cache.slabBytes) }
    if kernel.configuration.allocator == .slub {
      set(.machine, address + cache.freeptrOffset, kernel.configuration.wordSize.bytes)
    }
  }

  private mutating func call(_ action: Action, _ after: World) {
    guard let frame = after.kernel.currentStack.frames.last else { return }
    let word = after.kernel.configuration.wordSize.bytes
    let links = frame.savesPointer ? 2 * word : word
    set(.machine, frame.framePointer + 2 * word - links, links)
    for register in frame.savedRegisters { set(.machine, register.address, register.size) }
    if let canary = frame.canary { set(.machine, canary, word) }
    var serials: [UInt64] = []
    for local in frame.locals {
      guard let holder = local.holder else { continue }
      serials.append(holder.serial)
      extents[holder.serial] = Extent(
        start: local.address, size: local.size, task: after.kernel.currentStack.task)
      if case .call(let call) = action,
        call.locals.contains(where: { $0.name == local.name && $0.initial != .none })
      {
        set(.holder(holder.serial), local.address, local.size)
      }
    }
    frames[after.kernel.currentStack.task, default: []].append(serials)
  }

  private mutating func leave(_ before: World) {
    for serial in frames[before.kernel.currentStack.task]?.popLast() ?? [] {
      extents[serial]?.isLive = false
    }
  }

  private mutating func write(
    _ action: Action, _ address: Address, _ count: Int, _ before: World
  ) {
    guard case .write(let place, _, let bytes) = action, !bytes.isEmpty,
      address >= before.kernel.layout.userTop
    else { return }
    let meant = try? before.attempt(.init(entry: .copyToUser, place: place, length: 1)).intent
    let room = before.kernel.memory.accessible(
      from: address, upTo: UInt64(count), writing: true)
    set((meant ?? nil).map { .holder($0.serial) } ?? .unsure, address, room)
  }

  private mutating func copy(_ report: CopyReport, _ before: World) {
    let (outcome, kernel) = (report.outcome, before.kernel)
    let meant = kernel.intent(of: outcome.attempt)
    let writer: Writer = meant.map { .holder($0.serial) } ?? .unsure
    for effect in outcome.sideEffects {
      let (start, length) =
        switch effect {
        case .zeroedKernel(let length): (outcome.attempt.kernel, length)
        case .zeroedTail(let from, let length): (outcome.attempt.kernel &+ from, length)
        }
      set(writer, start, kernel.memory.accessible(from: start, upTo: length, writing: true))
    }
    guard !outcome.isCheckOnly else { return }
    if outcome.attempt.direction == .fromUser {
      set(writer, outcome.attempt.kernel, outcome.copied)
    } else if outcome.attempt.user >= kernel.layout.userTop {
      let bytes =
        outcome.attempt.entry.clears
        ? outcome.effectiveLength - min(outcome.leftOver, outcome.effectiveLength)
        : outcome.copied
      let there = kernel.memory.accessible(
        from: outcome.attempt.user, upTo: bytes, writing: true)
      set(.unsure, outcome.attempt.user, there)
    }
  }
}
