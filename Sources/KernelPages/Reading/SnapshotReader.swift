import JSON
import Usercopy

/// Reads a file of the format `kernel-pages` and holds what it tells against itself.
public enum SnapshotReader {
  /// Largest file, bytes.
  public static let sizeLimit = 256 << 20
  /// Most values of a file: lists, objects, numbers and texts.
  public static let valueLimit = 4 << 20
  /// Most caches, slabs and tasks.
  static let listLimit = 1 << 16
  /// Most slots of all slabs together.
  static let slotLimit = 4 << 20
  /// Longest text that is no memory, bytes.
  static let textLimit = 1 << 16
  /// Largest slab, bytes.
  static let slabLimit = 4 << 20

  /// Reads a whole file that is held in memory.
  ///
  /// - Parameter bytes: its UTF-8 text.
  /// - Throws: where and why it is no snapshot; what is one but does not fit together is in the
  ///   snapshot's ``KernelSnapshot/contradictions``.
  public static func read(_ bytes: [UInt8]) throws(SnapshotError) -> KernelSnapshot {
    var assembly = SnapshotAssembly()
    for start in stride(from: 0, to: bytes.count, by: chunkSize) {
      try assembly.take(bytes[start..<min(start + chunkSize, bytes.count)])
    }
    return try assembly.finish()
  }

  /// Bytes that are taken at once.
  static let chunkSize = 1 << 16

  /// Whether a file's beginning looks like one of this format; other JSON does not.
  public static func looksLikeOne(_ bytes: some Sequence<UInt8>) -> Bool {
    let start = String(decoding: Array(bytes.prefix(4096)), as: UTF8.self)
    return start.first(where: { !$0.isWhitespace }) == "{"
      && start.contains("\"\(KernelSnapshot.format)\"")
  }
}

/// Reads a cache.
enum CacheReader {
  private static let sizeLimit: UInt64 = 4 << 20

  static func read(
    _ node: SnapshotNode, pageOrder: Int
  ) throws(SnapshotError) -> SnapshotCache {
    let stride = try node.needed("stride").number(atMost: sizeLimit)
    var cache = SnapshotCache(
      name: try node.needed("name").text(),
      objectSize: try node.needed("object_size").number(atMost: sizeLimit), stride: stride,
      order: try node.needed("order").int(atMost: GivenGeometry.largestOrder),
      objectsPerSlab: try node.needed("objs_per_slab").int(atMost: GivenGeometry.mostObjects))
    cache.pageOrder = pageOrder
    for alias in try node["aliases"]?.list(atMost: 4096) ?? [] {
      cache.aliases.append(try alias.text())
    }
    cache.align = try node["align"]?.number(atMost: sizeLimit) ?? cache.align
    cache.inuse = try node["inuse"]?.number(atMost: sizeLimit) ?? cache.inuse
    cache.freeptrOffset = try node["freeptr_offset"]?.number(atMost: sizeLimit)
    cache.redLeftPad = try node["red_left_pad"]?.number(atMost: sizeLimit) ?? 0
    // Only a red zone puts bytes in front of an object.
    cache.hasRedZone = try node["red_zone"]?.truth() ?? (cache.redLeftPad > 0)
    cache.isPoisoned = try node["poison"]?.truth() ?? false
    cache.fillsObjects = try node["object_poison"]?.truth() ?? false
    cache.keepsTracks = try node["store_user"]?.truth() ?? false
    for flag in try node["flag_names"]?.list(atMost: 64) ?? [] {
      cache.flags.append(try flag.text())
    }
    cache.useroffset = try node["useroffset"]?.number(atMost: sizeLimit)
    cache.usersize = try node["usersize"]?.number(atMost: sizeLimit)
    cache.random = try node["random"]?.address()
    cache.constructor = try node["ctor"]?.text()
    if let count = node["count"] {
      cache.slabs = try count["slabs"]?.int(atMost: .max)
      cache.objects = try count["objects"]?.int(atMost: .max)
      cache.free = try count["free"]?.int(atMost: .max)
    }
    return cache
  }
}

/// Reads the slabs.
enum SlabReader {
  /// Reads a slab; contradictions within it are added to others.
  static func read(
    _ node: SnapshotNode, _ contradictions: inout [Contradiction]
  ) throws(SnapshotError) -> SnapshotSlab {
    let order = try node["order"]?.int(atMost: GivenGeometry.largestOrder) ?? 0
    let bytes = try node["bytes"]?.number(atMost: UInt64(SnapshotReader.slabLimit))
    let objects = try node.needed("objects").int(atMost: GivenGeometry.mostObjects)
    var slab = SnapshotSlab(
      cache: try node.needed("cache").text(), base: try node.needed("base").address(),
      byteCount: bytes ?? 0, objects: objects,
      slots: try states(node["slots"], objects, &contradictions),
      data: try node["data"]?.bytes(atMost: SnapshotReader.slabLimit) ?? [])
    slab.toldOrder = bytes == nil ? order : nil
    slab.place = try node["where"]?.text() ?? ""
    slab.isFrozen = try node["frozen"]?.truth()
    slab.type = try node["type"]?.text()
    for reason in try node["why"]?.list(atMost: 64) ?? [] { slab.reasons.append(try reason.text()) }
    for list in try node["freelists"]?.list(atMost: 64) ?? [] {
      slab.lists.append(try freelist(list))
    }
    if let tracks = node["tracks"] { slab.tracks = try Self.tracks(tracks, objects) }
    return slab
  }

  /// One letter a slot; where there are too few, the others are not known.
  private static func states(
    _ node: SnapshotNode?, _ objects: Int, _ contradictions: inout [Contradiction]
  ) throws(SnapshotError) -> [ObjectState] {
    guard let node else { return Array(repeating: .unknown, count: objects) }
    var states: [ObjectState] = []
    var wrong: Character?
    for letter in try node.text() {
      switch letter {
      case "A": states.append(.live)
      case "F": states.append(.freed)
      case "?": states.append(.unknown)
      default:
        wrong = wrong ?? letter
        states.append(.unknown)
      }
    }
    if let wrong {
      contradictions.append(
        Contradiction(path: node.path, kind: .unknownLetter(String(wrong))))
    }
    if states.count != objects {
      contradictions.append(
        Contradiction(
          path: node.path, kind: .differs(told: UInt64(states.count), found: UInt64(objects))))
    }
    return Array(states.prefix(objects))
      + Array(repeating: .unknown, count: max(0, objects - states.count))
  }

  private static func freelist(_ node: SnapshotNode) throws(SnapshotError) -> SnapshotList {
    let owner = try node.needed("owner")
    guard let known = SnapshotList.Owner(rawValue: try owner.text()) else {
      throw owner.fail(.expected(.owner))
    }
    var list = SnapshotList(owner: known, head: try node.needed("head").address())
    if let slots = node["slots"] {
      // An address in the list stands for one that is no slot's start.
      list.slots = try slots.list(atMost: GivenGeometry.mostObjects + 1).prefix {
        $0.value.uint64 != nil
      }.map { (slot: SnapshotNode) throws(SnapshotError) -> Int in
        try slot.int(atMost: GivenGeometry.mostObjects)
      }
    }
    list.error = try node["error"]?.text()
    return list
  }

  private static func tracks(
    _ node: SnapshotNode, _ objects: Int
  ) throws(SnapshotError) -> [Int: SnapshotTracks] {
    var tracks: [Int: SnapshotTracks] = [:]
    for (key, value) in try node.object().members {
      let place = SnapshotNode(value: value, path: "\(node.path).\(key)")
      guard let slot = Int(key), (0..<objects).contains(slot) else {
        throw place.fail(.tooMuch(limit: UInt64(objects)))
      }
      let pair = try place.list(atMost: 2)
      tracks[slot] = SnapshotTracks(
        taken: try pair.first.flatMap(track), given: try pair.dropFirst().first.flatMap(track))
    }
    return tracks
  }

  private static func track(_ node: SnapshotNode) throws(SnapshotError) -> SnapshotTrack? {
    guard !node.value.isNull else { return nil }
    var track = SnapshotTrack(by: try node["by"]?.text() ?? "")
    track.pid = try node["pid"]?.int(atMost: 1 << 30)
    track.cpu = try node["cpu"]?.int(atMost: 1 << 20)
    track.jiffies = try node["jiffies"]?.number(atMost: .max)
    if let trace = node["trace"] {
      if let number = trace.value.uint64 {
        track.trace = String(number)
      } else {
        track.trace = try trace.text()
      }
    }
    return track
  }
}
