public import Usercopy

/// A slab as a snapshot tells it.
public struct SnapshotSlab: Sendable, Hashable {
  /// Name of its cache.
  public var cache: String
  /// First byte.
  public var base: Address
  /// Bytes, of which as many as ``data`` has are known.
  public var byteCount: UInt64
  /// Its pages as a power of two, where the file tells no bytes.
  var toldOrder: Int?
  /// Slots.
  public var objects: Int
  /// Which list it is on: `cpu-active`, `cpu-partial`, `node-partial` or `full`; empty where it is not told.
  public var place = ""
  /// It belongs to a processor's list (`frozen`).
  public var isFrozen: Bool?
  /// Why it is in the file.
  public var reasons: [String] = []
  /// The structure its objects are, a key of the snapshot's types.
  public var type: String?
  /// What has become of each slot.
  public var slots: [ObjectState]
  /// Its free lists as the file tells them, the processor's own first.
  public var lists: [SnapshotList] = []
  /// Who took and gave back the slots.
  public var tracks: [Int: SnapshotTracks] = [:]
  /// Its bytes.
  public var data: [UInt8]

  /// A slab of a cache.
  public init(
    cache: String, base: Address, byteCount: UInt64, objects: Int, slots: [ObjectState],
    data: [UInt8]
  ) {
    self.cache = cache
    self.base = base
    self.byteCount = byteCount
    self.objects = objects
    self.slots = slots
    self.data = data
  }

  /// How many slots are in a state.
  public func count(_ state: ObjectState) -> Int { slots.count { $0 == state } }

  /// Reads its free lists out of its bytes.
  ///
  /// - Returns: nil where the file does not tell how pointers are stored or where.
  public func reader(_ cache: SnapshotCache, in snapshot: KernelSnapshot) -> FreelistReader? {
    guard let encoding = snapshot.encoding, let offset = cache.freeptrOffset,
      encoding == .plain || cache.random != nil, !snapshot.kernel.isBigEndian
    else { return nil }
    let made = SlabCache(
      name: cache.name, objectSize: cache.objectSize, stride: cache.stride,
      redLeftPad: cache.redLeftPad, freeptrOffset: offset, order: cache.geometry.order,
      objectsPerSlab: objects)
    var reader = FreelistReader(
      base: base, cache: made, slots: objects, encoding: encoding,
      word: snapshot.kernel.wordBytes == 4 ? .bits32 : .bits64, bytes: data)
    reader.cache.random = cache.random
    return reader
  }
}

/// A free list as a snapshot tells it.
public struct SnapshotList: Sendable, Hashable {
  /// Whose it is.
  public enum Owner: String, Sendable, Hashable, CaseIterable {
    /// The processor's own (`kmem_cache_cpu.freelist`).
    case cpu
    /// The slab's (`slab.freelist`).
    case slab
  }

  /// Whose it is.
  public var owner: Owner
  /// Its first pointer.
  public var head: Address
  /// Its slots in order, up to the first address that is no slot's start; nil where it is not told.
  public var slots: [Int]?
  /// What the writer of the file met at its end; nil for NULL.
  public var error: String?

  /// A list from its parts.
  public init(owner: Owner, head: Address, slots: [Int]? = nil, error: String? = nil) {
    self.owner = owner
    self.head = head
    self.slots = slots
    self.error = error
  }
}

/// Who took a slot last, and who gave it back (`struct track`, `slub_debug=U`).
public struct SnapshotTracks: Sendable, Hashable {
  /// Who took it; nil for nobody.
  public var taken: SnapshotTrack?
  /// Who gave it back.
  public var given: SnapshotTrack?

  /// Tracks of a slot.
  public init(taken: SnapshotTrack?, given: SnapshotTrack?) {
    self.taken = taken
    self.given = given
  }
}

/// One of a slot's owner tracks.
public struct SnapshotTrack: Sendable, Hashable {
  /// The function, `symbol+0x…`.
  public var by: String
  /// The task's number.
  public var pid: Int?
  /// The processor.
  public var cpu: Int?
  /// When, in ticks.
  public var jiffies: UInt64?
  /// Name of its stack trace.
  public var trace: String?

  /// A track of a function.
  public init(
    by: String, pid: Int? = nil, cpu: Int? = nil, jiffies: UInt64? = nil, trace: String? = nil
  ) {
    self.by = by
    self.pid = pid
    self.cpu = cpu
    self.jiffies = jiffies
    self.trace = trace
  }
}
