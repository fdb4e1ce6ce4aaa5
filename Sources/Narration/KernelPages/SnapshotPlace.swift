public import JSON
public import KernelPages
import Text
public import Usercopy

/// Where an address lies in what a snapshot tells.
public struct SnapshotPlace: Sendable, Hashable {
  /// What lies there.
  public enum Kind: Sendable, Hashable {
    /// A slot of a slab, and the byte in its object; below 0 in front of it.
    case slot(slab: Int, slot: Int, offset: Int64)
    /// Behind the last slot of a slab.
    case slabTail(slab: Int)
    /// A task's stack, and the byte in it.
    case stack(task: Int, offset: UInt64)
    /// A section of the image, or a module, by name.
    case image(String)
    /// A vmalloc area by who asked for it.
    case area(String)
    /// Nothing that the file tells of.
    case unknown
  }

  /// The address.
  public var address: Address
  /// What lies there.
  public var kind: Kind

  /// What a snapshot tells of an address.
  public init(_ address: Address, in snapshot: KernelSnapshot) {
    self.address = address
    kind = Self.kind(address, snapshot)
  }

  private static func kind(_ address: Address, _ snapshot: KernelSnapshot) -> Kind {
    if let index = snapshot.slab(at: address) {
      let slab = snapshot.slabs[index]
      guard let cache = snapshot.cache(named: slab.cache), let slot = slab.slot(at: address, cache)
      else { return .slabTail(slab: index) }
      let start = slab.range(of: slot, cache).lowerBound
      return .slot(slab: index, slot: slot, offset: Int64(bitPattern: address &- start))
    }
    if let index = snapshot.task(at: address), let base = snapshot.tasks[index].stack {
      return .stack(task: index, offset: address - base)
    }
    let section = snapshot.layout.ranges.sorted { $0.key < $1.key }.first {
      $0.value.contains(address)
    }
    if let section { return .image("kernel \(section.key)") }
    if let module = snapshot.layout.modules.first(where: {
      address >= $0.start && address - $0.start < $0.bytes
    }) {
      return .image("module \(module.name)")
    }
    if let area = snapshot.areas.first(where: {
      address >= $0.start && address - $0.start < $0.bytes
    }) {
      return .area(area.caller)
    }
    return .unknown
  }
}

extension SnapshotPlace {
  /// What lies there, in lines: slot, state, neighbours, member, who had it.
  public func lines(_ snapshot: KernelSnapshot) -> [String] {
    let name = "0x\(address.hex())"
    switch kind {
    case .slot(let slab, let slot, let offset):
      return slotLines(name, slab, slot, offset, snapshot)
    case .slabTail(let slab):
      return ["\(name): behind the last slot of the slab of \(snapshot.slabs[slab].cache)"]
    case .stack(let index, let offset): return stackLines(name, index, offset, snapshot)
    case .image(let part): return ["\(name): \(part)"]
    case .area(let caller):
      return ["\(name): a vmalloc area" + (caller.isEmpty ? "" : " of \(caller)")]
    case .unknown:
      return ["\(name): the file does not tell what lies there; what checks say of it is not known"]
    }
  }

  private func slotLines(
    _ name: String, _ index: Int, _ slot: Int, _ offset: Int64, _ snapshot: KernelSnapshot
  ) -> [String] {
    let slab = snapshot.slabs[index]
    guard let cache = snapshot.cache(named: slab.cache) else { return [name] }
    var lines = [
      "\(name): slot \(slot) of \(slab.objects) of \(cache.name), byte \(offset) of its object, "
        + Self.state(slab.slots[slot])
    ]
    if let reader = slab.reader(cache, in: snapshot), slab.slots[slot] == .freed,
      let next = reader.pointer(in: slot)
    {
      let behind =
        reader.slot(at: next).map { "slot \($0)" }
        ?? (next == 0 ? "NULL" : "0x\(next.hex())")
      lines.append("  its pointer, stored at byte \(cache.freeptrOffset ?? 0), leads to \(behind)")
    }
    if let mark = snapshot.mark(in: slab.range(of: slot, cache)) {
      lines.append("  in it: \(mark.name)\(member(mark, snapshot).map { ", \($0)" } ?? "")")
    }
    lines += window(offset, cache).map { "  " + $0 }
    for (neighbour, side) in [(slot - 1, "below"), (slot + 1, "above")]
    where (0..<slab.objects).contains(neighbour) {
      let range = slab.range(of: neighbour, cache)
      let what = snapshot.mark(in: range).map { ", \($0.name)" } ?? ""
      lines.append(
        "  \(side) it: slot \(neighbour) at 0x\(range.lowerBound.hex()), "
          + Self.state(slab.slots[neighbour]) + what)
    }
    if let tracks = slab.tracks[slot] {
      if let taken = tracks.taken { lines += Self.lines(taken, "taken by", snapshot) }
      if let given = tracks.given { lines += Self.lines(given, "given back by", snapshot) }
    }
    lines += hex(slab, cache, slot)
    return lines
  }

  /// What a member of the structure that lies there is called.
  private func member(_ mark: SnapshotMark, _ snapshot: KernelSnapshot) -> String? {
    guard let type = snapshot.types[mark.type], address >= mark.address else { return nil }
    let offset = address - mark.address
    return type.members.last { $0.offset <= offset && offset < $0.offset + max(1, $0.size) }.map {
      "\($0.name) (\($0.type), byte \(offset - $0.offset) of it)"
    }
  }

  private func window(_ offset: Int64, _ cache: SnapshotCache) -> [String] {
    guard let start = cache.useroffset, let size = cache.usersize else {
      return ["which of its bytes may be copied is not told"]
    }
    guard size > 0 else { return ["no byte of it may be copied"] }
    let isInside = offset >= 0 && UInt64(offset) >= start && UInt64(offset) < start + size
    return [
      "bytes \(start) to \(start + size - 1) may be copied: this one \(isInside ? "is" : "is not") among them"
    ]
  }

  private static func lines(
    _ track: SnapshotTrack, _ what: String, _ snapshot: KernelSnapshot
  ) -> [String] {
    let by = track.pid.map { " in process \($0)" } ?? ""
    let trace = track.trace.flatMap { snapshot.traces[$0] } ?? []
    return ["  \(what) \(track.by)\(by)"] + trace.prefix(8).map { "      \($0)" }
  }

  /// The first 64 bytes of the object, 16 a line.
  private func hex(_ slab: SnapshotSlab, _ cache: SnapshotCache, _ slot: Int) -> [String] {
    let first = UInt64(slot) * cache.stride + cache.redLeftPad
    let end = min(first + min(cache.objectSize, 64), UInt64(slab.data.count))
    guard first < end else { return [] }
    return stride(from: first, to: end, by: 16).map { start in
      let bytes = slab.data[Int(start)..<Int(min(start + 16, end))]
      let digits = bytes.map { $0.hex(width: 2) }.joined(separator: " ")
      let text = String(
        decoding: bytes.map { (0x20..<0x7f).contains($0) ? $0 : 0x2e }, as: UTF8.self)
      let offset = String(start - first)
      return "  " + String(repeating: " ", count: max(0, 4 - offset.count))
        + "\(offset)  \(digits)  \(text)"
    }
  }

  private func stackLines(
    _ name: String, _ index: Int, _ offset: UInt64, _ snapshot: KernelSnapshot
  ) -> [String] {
    let task = snapshot.tasks[index]
    var lines = ["\(name): byte \(offset) of the stack of \(task.name) \(task.pid)"]
    if let registers = task.registers, offset >= registers {
      return lines + ["  in the saved registers of user mode"]
    }
    let frame = task.frames.first { frame in
      !frame.isInline && (frame.low ?? .max) <= offset && offset < frame.high ?? 0
    }
    lines.append(
      "  " + (frame.map { "in the frame of \($0.function)" } ?? "below the running functions"))
    let variables = task.frames.flatMap(\.variables)
    if let variable = variables.first(where: { variable in
      variable.offset.map { $0 <= offset && offset < $0 + (variable.size ?? 0) } ?? false
    }) {
      lines.append("  in its variable \(variable.name), \(variable.type)")
    }
    return lines
  }

  /// What has become of a slot, in a word or two.
  public static func state(_ state: ObjectState) -> String {
    switch state {
    case .live: "in use"
    case .freed: "free"
    case .never: "never handed out"
    case .unknown: "in use or free, which cannot be told"
    }
  }

  /// The same for programs.
  public func json(_ snapshot: KernelSnapshot) -> JSONValue {
    var members: [(key: String, value: JSONValue)] = [("address", JSONValue("0x" + address.hex()))]
    switch kind {
    case .slot(let index, let slot, let offset):
      let slab = snapshot.slabs[index]
      members += [
        ("cache", JSONValue(slab.cache)), ("slab", JSONValue("0x" + slab.base.hex())),
        ("slot", JSONValue(slot)), ("offset", JSONValue(Int(offset))),
        ("state", JSONValue(String(SnapshotPieceWords.letter(slab.slots[slot])))),
      ]
    case .slabTail(let index):
      members.append(("slab", JSONValue("0x" + snapshot.slabs[index].base.hex())))
    case .stack(let index, let offset):
      members += [("task", JSONValue(snapshot.tasks[index].pid)), ("offset", JSONValue(offset))]
    case .image(let name): members.append(("image", JSONValue(name)))
    case .area(let caller): members.append(("area", JSONValue(caller)))
    case .unknown: members.append(("known", .bool(false)))
    }
    members.append(("lines", JSONValue(lines(snapshot).map(Printable.text))))
    return JSONValue(members)
  }
}
