import Usercopy

extension KernelSnapshot {
  /// Notes something that does not fit, as long as there are not too many.
  mutating func tell(_ path: String, _ kind: Contradiction.Kind) {
    guard contradictions.count < Self.mostContradictions else { return }
    contradictions.append(Contradiction(path: path, kind: kind))
  }
}

/// Holds what a snapshot tells against its own bytes and tables.
enum SnapshotCheck {
  static func check(_ snapshot: inout KernelSnapshot) {
    for index in snapshot.caches.indices { check(snapshot.caches[index], index, &snapshot) }
    for index in snapshot.slabs.indices { check(snapshot.slabs[index], index, &snapshot) }
    overlaps(&snapshot)
    for index in snapshot.tasks.indices { check(snapshot.tasks[index], index, &snapshot) }
  }

  // MARK: Caches

  private static func check(_ cache: SnapshotCache, _ index: Int, _ snapshot: inout KernelSnapshot)
  {
    let path = "caches[\(index)]"
    if !cache.geometry.fits {
      snapshot.tell(
        "\(path).objs_per_slab",
        .doesNotFit(
          needed: UInt64(cache.objectsPerSlab) &* cache.stride, room: cache.slabBytes))
    }
    let (end, room) = (cache.redLeftPad + cache.objectSize, cache.stride)
    if end > room { snapshot.tell("\(path).object_size", .doesNotFit(needed: end, room: room)) }
    let window = (cache.useroffset ?? 0) + (cache.usersize ?? 0)
    if window > cache.objectSize {
      snapshot.tell("\(path).usersize", .doesNotFit(needed: window, room: cache.objectSize))
    }
    if let offset = cache.freeptrOffset,
      cache.redLeftPad + offset + UInt64(snapshot.kernel.wordBytes) > room
    {
      snapshot.tell("\(path).freeptr_offset", .outside(offset))
    }
  }

  // MARK: Slabs

  private static func check(_ slab: SnapshotSlab, _ index: Int, _ snapshot: inout KernelSnapshot) {
    let path = "slabs[\(index)]"
    if !slab.data.isEmpty, UInt64(slab.data.count) != slab.byteCount {
      snapshot.tell(
        "\(path).data", .differs(told: UInt64(slab.data.count), found: slab.byteCount))
    }
    if slab.base % snapshot.kernel.pageSize != 0 {
      snapshot.tell("\(path).base", .unaligned(slab.base))
    }
    if !isInMemory(slab.base, slab.byteCount, snapshot) {
      snapshot.tell("\(path).base", .outside(slab.base))
    }
    guard let cache = snapshot.cache(named: slab.cache) else {
      return snapshot.tell("\(path).cache", .unknownCache(slab.cache))
    }
    let needed = UInt64(slab.objects) * cache.stride
    if needed > slab.byteCount {
      snapshot.tell("\(path).objects", .doesNotFit(needed: needed, room: slab.byteCount))
    }
    // Where memory was short a slab has fewer pages than its cache asks for.
    if slab.byteCount >= cache.slabBytes, slab.objects != cache.objectsPerSlab {
      snapshot.tell(
        "\(path).objects",
        .differs(told: UInt64(slab.objects), found: UInt64(cache.objectsPerSlab)))
    }
    lists(slab, cache, path, &snapshot)
  }

  /// Follows the free lists through the bytes.
  private static func lists(
    _ slab: SnapshotSlab, _ cache: SnapshotCache, _ path: String, _ snapshot: inout KernelSnapshot
  ) {
    guard !slab.data.isEmpty, let reader = slab.reader(cache, in: snapshot) else { return }
    var free = Set<Int>()
    var isWhole = true
    for (number, list) in slab.lists.enumerated() {
      let place = "\(path).freelists[\(number)]"
      let walk = reader.walk(from: list.head)
      free.formUnion(walk.slots)
      if !walk.isWhole {
        isWhole = false
        snapshot.tell(place, .brokenList(walk.end))
      }
      if let told = list.slots, told != walk.slots {
        let same = zip(told, walk.slots).prefix { $0 == $1 }.count
        snapshot.tell(place, .listDiffers(at: same))
      }
    }
    guard !slab.lists.isEmpty else { return }
    let wrong = slab.slots.indices.first { slot in
      switch slab.slots[slot] {
      case .freed: !free.contains(slot)
      case .live, .never: free.contains(slot)
      case .unknown: isWhole || free.contains(slot)
      }
    }
    if let wrong { snapshot.tell("\(path).slots", .stateDiffers(slot: wrong)) }
  }

  private static func isInMemory(_ start: Address, _ bytes: UInt64, _ snapshot: KernelSnapshot)
    -> Bool
  {
    let layout = snapshot.layout
    guard start <= .max - bytes else { return false }
    guard let base = layout.directMap else { return true }
    guard start >= base else { return false }
    guard let frames = layout.maxPFN else { return true }
    return start - base + bytes <= frames * snapshot.kernel.pageSize
  }

  private static func overlaps(_ snapshot: inout KernelSnapshot) {
    let sorted = snapshot.slabs.indices.sorted { snapshot.slabs[$0].base < snapshot.slabs[$1].base }
    for (first, second) in zip(sorted, sorted.dropFirst()) {
      let (low, high) = (snapshot.slabs[first], snapshot.slabs[second])
      if high.base - low.base < low.byteCount {
        snapshot.tell("slabs[\(second)].base", .overlaps(high.base))
      }
    }
  }

  // MARK: Stacks

  private static func check(_ task: SnapshotTask, _ index: Int, _ snapshot: inout KernelSnapshot) {
    guard !task.data.isEmpty else { return }
    let path = "tasks[\(index)]"
    if UInt64(task.data.count) != task.stackBytes {
      snapshot.tell(
        "\(path).data", .differs(told: UInt64(task.data.count), found: task.stackBytes))
    }
    if task.isMagicIntact == false { snapshot.tell("\(path).end_magic", .stackEndOverwritten) }
    if !snapshot.kernel.isBigEndian, snapshot.kernel.wordBytes == 8 { words(task, path, &snapshot) }
    frames(task, path, &snapshot)
  }

  /// The end magic and the canaries, where its words can be read.
  private static func words(_ task: SnapshotTask, _ path: String, _ snapshot: inout KernelSnapshot)
  {
    if let magic = task.magicOffset, let word = task.word(at: magic) {
      let isThere = word & 0xffff_ffff == SnapshotTask.endMagic
      if isThere != (task.isMagicIntact ?? isThere) {
        snapshot.tell(
          "\(path).end_magic", .differs(told: SnapshotTask.endMagic, found: word & 0xffff_ffff))
      }
    }
    for place in task.canaries where task.word(at: place) != task.canary {
      snapshot.tell(
        "\(path).canary", .differs(told: task.canary ?? 0, found: task.word(at: place) ?? 0))
      break
    }
  }

  /// Functions of x86 return to the word below their frame's end; elsewhere they may return by a register.
  private static func returnsByStack(_ kernel: SnapshotKernel) -> Bool {
    ["x86_64", ""].contains(kernel.machine) && kernel.wordBytes == 8
  }

  private static func frames(_ task: SnapshotTask, _ path: String, _ snapshot: inout KernelSnapshot)
  {
    for (number, frame) in task.frames.enumerated() {
      let place = "\(path).frames[\(number)]"
      for end in [frame.low, frame.high].compactMap(\.self) where end > task.stackBytes {
        snapshot.tell(place, .outside(end))
      }
      for variable in frame.variables {
        guard let offset = variable.offset else { continue }
        if offset + (variable.size ?? 0) > task.stackBytes {
          snapshot.tell("\(place).locals", .outside(offset))
        }
      }
      guard returnsByStack(snapshot.kernel), let high = frame.high,
        let word = task.word(at: high - min(high, 8)),
        let next = task.frames.dropFirst(number + 1).first?.pc,
        frame.low.map({ $0 < high }) ?? false
      else { continue }
      if word != next { snapshot.tell("\(place).cfa_offset", .differs(told: next, found: word)) }
    }
  }
}

extension SnapshotTask {
  /// `STACK_END_MAGIC`.
  public static let endMagic: UInt64 = 0x57ac_6e9d

  /// The 64-bit word at an offset of its stack; nil outside.
  public func word(at offset: UInt64) -> UInt64? {
    guard offset <= UInt64(data.count), UInt64(data.count) - offset >= 8 else { return nil }
    let start = Int(offset)
    return data[start..<start + 8].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
  }
}
