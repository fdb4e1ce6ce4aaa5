public import JSON
public import KernelPages
import Text
import Usercopy

/// What changed between two snapshots, in lines.
public struct SnapshotDifferenceWords {
  private let difference: SnapshotDifference
  private let before, after: KernelSnapshot

  /// Words of a difference between these two.
  public init(_ difference: SnapshotDifference, _ before: KernelSnapshot, _ after: KernelSnapshot) {
    self.difference = difference
    self.before = before
    self.after = after
  }

  /// One paragraph a slab or stack; of one cache alone where one is named.
  public func lines(cache: String? = nil) -> [String] {
    guard !difference.isOfAnother else {
      return [
        "The files are of different kernels, or of different boots of one: nothing can be compared."
      ]
    }
    let slabs = difference.slabs.filter { cache == nil || before.slabs[$0.before].cache == cache }
    var lines = [
      "\(difference.slabs.count) slabs changed, \(difference.same) did not, "
        + "\(difference.gone.count) are only in the first file, \(difference.new.count) only in the second"
    ]
    for slab in slabs { lines += self.lines(slab) }
    guard cache == nil else { return lines }
    for stack in difference.stacks {
      let task = before.tasks[stack.before]
      lines.append("stack of \(task.name) \(task.pid): \(bytes(stack.bytes)) changed")
    }
    return lines
  }

  private func lines(_ slab: SnapshotDifference.Slab) -> [String] {
    let known = before.slabs[slab.before]
    var lines = ["\(known.cache) at 0x\(known.base.hex()):"]
    for slot in slab.slots {
      let now = after.slabs[slab.after].tracks[slot.number]
      let by = slot.hasNewOwner ? now?.taken.map { ", taken by \($0.by)" } ?? "" : ""
      lines.append(
        "  slot \(slot.number): \(SnapshotPlace.state(slot.before)), now \(SnapshotPlace.state(slot.after))\(by)"
      )
    }
    if slab.untold > 0 {
      lines.append("  of \(slab.untold) slots only one file tells whether they are in use")
    }
    guard !slab.bytes.isEmpty, let cache = before.cache(named: known.cache) else { return lines }
    lines.append("  \(bytes(slab.bytes)) changed:")
    for run in slab.bytes.prefix(64) {
      lines.append("    \(Self.place(run, known, cache))")
    }
    if slab.bytes.count > 64 { lines.append("    and \(slab.bytes.count - 64) more runs") }
    return lines
  }

  /// Where in its slot a run of bytes lies.
  private static func place(_ run: Range<Int>, _ slab: SnapshotSlab, _ cache: SnapshotCache)
    -> String
  {
    let address = slab.base &+ UInt64(run.lowerBound)
    let length = ValueWords.bytes(UInt64(run.count))
    guard let slot = slab.slot(at: address, cache) else { return "\(length) behind the slots" }
    let offset = Int64(bitPattern: address &- slab.range(of: slot, cache).lowerBound)
    let isPointer =
      cache.freeptrOffset.map { Int64(clamping: $0) }.map { $0 <= offset && offset < $0 + 8 }
      ?? false
    return "slot \(slot), byte \(offset): \(length)"
      + (isPointer ? ", at the freelist pointer's place" : "")
  }

  private func bytes(_ runs: [Range<Int>]) -> String {
    ValueWords.bytes(UInt64(runs.reduce(0) { $0 + $1.count }))
  }

  /// The same for programs.
  public var json: JSONValue {
    JSONValue([
      ("comparable", .bool(!difference.isOfAnother)), ("same", JSONValue(difference.same)),
      ("gone", JSONValue(difference.gone.map { "0x" + before.slabs[$0].base.hex() })),
      ("new", JSONValue(difference.new.map { "0x" + after.slabs[$0].base.hex() })),
      ("slabs", .array(difference.slabs.map(json))),
      (
        "stacks",
        .array(
          difference.stacks.map { stack in
            JSONValue([
              ("pid", JSONValue(before.tasks[stack.before].pid)), ("bytes", runs(stack.bytes)),
            ])
          })
      ),
    ])
  }

  private func json(_ slab: SnapshotDifference.Slab) -> JSONValue {
    let slots = slab.slots.map { slot in
      JSONValue([
        ("slot", JSONValue(slot.number)),
        ("before", JSONValue(String(SnapshotPieceWords.letter(slot.before)))),
        ("after", JSONValue(String(SnapshotPieceWords.letter(slot.after)))),
        ("new_owner", .bool(slot.hasNewOwner)),
      ])
    }
    return JSONValue([
      ("cache", JSONValue(before.slabs[slab.before].cache)),
      ("base", JSONValue("0x" + before.slabs[slab.before].base.hex())),
      ("slots", .array(slots)), ("untold", JSONValue(slab.untold)), ("bytes", runs(slab.bytes)),
    ])
  }

  private func runs(_ runs: [Range<Int>]) -> JSONValue {
    .array(
      runs.map {
        JSONValue([("offset", JSONValue($0.lowerBound)), ("length", JSONValue($0.count))])
      })
  }
}
