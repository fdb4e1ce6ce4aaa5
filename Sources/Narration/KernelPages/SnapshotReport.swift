public import JSON
public import KernelLog
public import KernelPages
public import Simulation
import Text
import Usercopy

/// A usercopy report put on the pages of the kernel that logged it.
public struct SnapshotReport {
  private let report: Report
  private let snapshot: KernelSnapshot

  private let cache: SnapshotCache?

  /// A report beside a snapshot.
  public init(_ report: Report, on snapshot: KernelSnapshot) {
    self.report = report
    self.snapshot = snapshot
    cache = (report.cache ?? report.detail).flatMap { snapshot.cache(named: $0) }
  }

  /// The report with what the file tells of its cache, so that nothing of it has to be concluded.
  public var informed: Report {
    guard report.cache != nil, let cache else { return report }
    var informed = report
    let window = cache.useroffset.flatMap { start in cache.usersize.map { start..<start + $0 } }
    informed.pages = CacheFacts(objectSize: cache.objectSize, window: window)
    return informed
  }

  /// The slabs of that cache in the file: their numbers.
  private var slabs: [Int] {
    guard let cache else { return [] }
    return snapshot.slabs.indices.filter {
      snapshot.cache(named: snapshot.slabs[$0].cache)?.name == cache.name
    }
  }

  /// The object in each slab that is shown: the one at the report's address, else the first in use, where its offset
  /// lies in the slot.
  private func example(_ index: Int) -> (slot: Int, address: Address)? {
    guard let cache, let offset = report.offset, offset < cache.stride else { return nil }
    let slab = snapshot.slabs[index]
    let live = slab.slots.indices.filter { slab.slots[$0] == .live }
    // One between two others shows most.
    let slot = live.first { $0 > 0 && $0 < slab.objects - 1 } ?? live.first
    return slot.map { ($0, slab.range(of: $0, cache).lowerBound &+ offset) }
  }

  /// The address that the report prints; nil for none, and for a hashed one.
  private var address: Address? {
    report.address.flatMap { UInt64($0.drop { $0 == "0" || $0 == "x" }, radix: 16) }
  }

  /// What the file tells of what the report names.
  public var lines: [String] {
    if let address { return SnapshotPlace(address, in: snapshot).lines(snapshot) }
    guard let name = report.cache ?? report.detail else {
      return ["On the kernel's pages: the report names no cache"]
    }
    guard let cache else {
      return ["On the kernel's pages: the file tells of no cache '\(Printable.text(name))'"]
    }
    var lines = ["On the kernel's pages: \(cache.name), \(SnapshotPieceWords.geometry(cache))"]
    lines += window(cache).map { "  " + $0 }
    if slabs.isEmpty { lines.append("  no slab of it is in the file") }
    for index in slabs.prefix(8) {
      let slab = snapshot.slabs[index]
      let example = example(index).map {
        ", at that offset of slot \($0.slot): 0x\($0.address.hex())"
      }
      lines.append(
        "  slab 0x\(slab.base.hex()): \(slab.count(.live)) of \(slab.objects) in use\(example ?? "")"
      )
    }
    if slabs.count > 8 { lines.append("  and \(slabs.count - 8) more slabs") }
    if let first = slabs.lazy.compactMap(example).first {
      lines.append("  which object it was the line does not tell; the first in use:")
      lines += SnapshotPlace(first.address, in: snapshot).lines(snapshot).map { "    " + $0 }
    }
    return lines
  }

  /// The real page with the report's copy made on it; nil where the file has none of that cache.
  public var script: Script? {
    guard let size = report.size, report.complete else { return nil }
    let scene = SnapshotScene(snapshot)
    let copy = SnapshotScene.Wanted(
      offset: report.offset ?? 0, size: size, isFromUser: report.direction == .fromUser)
    if let address, let index = snapshot.slab(at: address) {
      guard case .slot(_, let slot, let offset) = SnapshotPlace(address, in: snapshot).kind,
        offset >= 0
      else { return nil }
      return scene.script(slab: index, slot: slot, copy: copy.starting(at: UInt64(offset)))
    }
    for index in slabs {
      guard let found = example(index),
        let script = scene.script(slab: index, slot: found.slot, copy: copy)
      else { continue }
      return script
    }
    return nil
  }

  /// The range of the report beside the bytes that may be copied, and the member it starts in.
  private func window(_ cache: SnapshotCache) -> [String] {
    guard let offset = report.offset, let size = report.size else { return [] }
    var lines: [String] = []
    let (end, overflow) = offset.addingReportingOverflow(size)
    if offset >= cache.objectSize || overflow || end > cache.objectSize {
      lines.append("the copy leaves the object of \(ValueWords.bytes(cache.objectSize))")
    } else {
      lines.append("the copy lies in the object: bytes \(offset) to \(max(offset, end &- 1))")
    }
    let types = Set(slabs.compactMap { snapshot.slabs[$0].type }).sorted()
    for type in types {
      let members = snapshot.types[type]?.members ?? []
      let first = members.last { $0.offset <= offset && offset < $0.offset + max(1, $0.size) }
      if let first { lines.append("it starts in \(first.name) of \(type)") }
    }
    return lines
  }

  /// The same for programs.
  public var json: JSONValue {
    JSONValue([
      ("cache", JSONValue(cache?.name)),
      (
        "slabs",
        .array(
          slabs.map { index in
            JSONValue([
              ("base", JSONValue("0x" + snapshot.slabs[index].base.hex())),
              ("slot", JSONValue(example(index)?.slot)),
              ("example", JSONValue(example(index).map { "0x" + $0.address.hex() })),
            ])
          })
      ), ("lines", JSONValue(lines.map(Printable.text))),
    ])
  }
}
