import JSON
import Testing
import Usercopy

@testable import KernelPages
@testable import Narration

/// Two files of the same kernel beside each other.
struct DifferenceTests {
  @Test(arguments: Samples.names)
  func aFileDoesNotDifferFromItself(name: String) throws {
    let snapshot = try Samples.snapshot(name)
    let difference = SnapshotDifference(snapshot, snapshot)
    #expect(!difference.isOfAnother && difference.same == snapshot.slabs.count)
    #expect(difference.slabs.isEmpty && difference.stacks.isEmpty)
    #expect(difference.gone.isEmpty && difference.new.isEmpty)
  }

  /// Which slots changed hands and which bytes changed, in slabs and stacks.
  @Test func slotsAndBytesThatChangedAreTold() throws {
    let before = try Samples.snapshot("stock-part")
    let index = try #require(before.slabs.firstIndex { $0.cache == "skbuff_head_cache" })
    let taken = try #require(before.slabs[index].slots.firstIndex { $0 != .live })
    var after = before
    after.slabs[index].slots[taken] = .live
    for byte in [256, 260, 300] { after.slabs[index].data[byte] ^= 0xff }
    after.tasks[0].data[16] ^= 1
    let difference = SnapshotDifference(before, after)
    let slab = try #require(difference.slabs.first)
    #expect(difference.slabs.count == 1 && difference.same == before.slabs.count - 1)
    #expect(slab.slots.map(\.number) == [taken] && slab.slots[0].after == .live)
    #expect(slab.bytes == [256..<261, 300..<301])
    #expect(difference.stacks.map(\.bytes) == [[16..<17]])
    let lines = SnapshotDifferenceWords(difference, before, after).lines()
    #expect(lines.contains { $0.hasPrefix("  slot \(taken): ") && $0.hasSuffix("now in use") })
    #expect(lines.contains("    slot 1, byte 0: 5 bytes"))
    #expect(lines.contains { $0.hasPrefix("stack of \(before.tasks[0].name) ") })
    #expect(SnapshotDifferenceWords(difference, before, after).lines(cache: "filp").count == 1)
  }

  /// A page that went to another cache is gone and new; what a file cannot tell is no change.
  @Test func whatCannotBeComparedIsSaid() throws {
    let before = try Samples.snapshot("stock-part")
    var after = before
    after.slabs[0].cache = "filp"
    after.slabs[1].slots = after.slabs[1].slots.map { _ in .unknown }
    after.slabs[1].data[0] ^= 1
    let difference = SnapshotDifference(before, after)
    #expect(difference.gone == [0] && difference.new == [0])
    let slab = try #require(difference.slabs.first)
    #expect(slab.slots.isEmpty && slab.untold == before.slabs[1].slots.count)
    var other = before
    other.kernel.release = "6.2.0"
    let none = SnapshotDifference(before, other)
    #expect(none.isOfAnother && none.slabs.isEmpty)
    #expect(SnapshotDifferenceWords(none, before, other).lines().count == 1)
    #expect(SnapshotDifferenceWords(none, before, other).json["comparable"] == .bool(false))
  }
}
