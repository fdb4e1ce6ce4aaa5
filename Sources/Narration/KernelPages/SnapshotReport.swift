public import JSON
public import KernelLog
public import KernelPages
import Text
import Usercopy

/// A usercopy report put on the pages of the kernel that logged it.
public struct SnapshotReport {
  private let report: Report
  private let snapshot: KernelSnapshot

  /// A report beside a snapshot.
  public init(_ report: Report, on snapshot: KernelSnapshot) {
    self.report = report
    self.snapshot = snapshot
  }

  /// The cache that the report names, as the file tells it.
  private var cache: SnapshotCache? {
    (report.cache ?? report.detail).flatMap { snapshot.cache(named: $0) }
  }

  /// The slabs of that cache in the file: their numbers.
  private var slabs: [Int] {
    guard let cache else { return [] }
    return snapshot.slabs.indices.filter {
      snapshot.cache(named: snapshot.slabs[$0].cache)?.name == cache.name
    }
  }

  /// Where the copy started in the objects of each slab: the first object in use at that offset.
  private func example(_ index: Int) -> Address? {
    guard let cache, let offset = report.offset, offset < cache.stride else { return nil }
    let slab = snapshot.slabs[index]
    return slab.slots.firstIndex(of: .live).map { slab.range(of: $0, cache).lowerBound &+ offset }
  }

  /// What the file tells of what the report names.
  public var lines: [String] {
    if let text = report.address,
      let address = UInt64(text.drop { $0 == "0" || $0 == "x" }, radix: 16)
    {
      return SnapshotPlace(address, in: snapshot).lines(snapshot)
    }
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
      let example = example(index).map { ", an object in use at that offset 0x\($0.hex())" } ?? ""
      lines.append(
        "  slab 0x\(slab.base.hex()): \(slab.count(.live)) of \(slab.objects) in use\(example)")
    }
    if slabs.count > 8 { lines.append("  and \(slabs.count - 8) more slabs") }
    return lines
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
              ("example", JSONValue(example(index).map { "0x" + $0.hex() })),
            ])
          })
      ), ("lines", JSONValue(lines.map(Printable.text))),
    ])
  }
}
