public import Usercopy

/// What changed between two snapshots of the same kernel, as far as both tell of it.
public struct SnapshotDifference: Sendable, Hashable {
  /// A slot that changed hands.
  public struct Slot: Sendable, Hashable {
    /// Its number.
    public var number: Int
    /// What had become of it before, and what has now.
    public var before, after: ObjectState
    /// Who took it last is another than before (`slub_debug=U`).
    public var hasNewOwner: Bool
  }

  /// What changed in a slab.
  public struct Slab: Sendable, Hashable {
    /// Its number in each snapshot.
    public var before, after: Int
    /// Slots that changed hands.
    public var slots: [Slot]
    /// Slots of which only one of the two can tell.
    public var untold: Int
    /// Runs of bytes that changed, from the slab's first.
    public var bytes: [Range<Int>]
  }

  /// What changed in a stack.
  public struct Stack: Sendable, Hashable {
    /// Its number in each snapshot.
    public var before, after: Int
    /// Runs of bytes that changed, from the stack's first.
    public var bytes: [Range<Int>]
  }

  /// They are of different kernels, or of different boots: nothing can be compared.
  public var isOfAnother: Bool
  /// Slabs that both have and that changed.
  public var slabs: [Slab] = []
  /// Stacks that both have and that changed.
  public var stacks: [Stack] = []
  /// Slabs that both have and that did not change.
  public var same = 0
  /// Slabs that only the first has, or whose place belongs to another cache now; by number in the first.
  public var gone: [Int] = []
  /// Slabs that only the second has; by number in the second.
  public var new: [Int] = []

  /// Compares two snapshots.
  public init(_ before: KernelSnapshot, _ after: KernelSnapshot) {
    isOfAnother =
      before.kernel.release != after.kernel.release
      || before.layout.ranges["text"] != after.layout.ranges["text"]
      || before.layout.directMap != after.layout.directMap
    guard !isOfAnother else { return }
    compareSlabs(before, after)
    let tasks = Dictionary(after.tasks.enumerated().map { ($1.pid, $0) }) { first, _ in first }
    for (index, task) in before.tasks.enumerated() {
      guard let other = tasks[task.pid], after.tasks[other].stack == task.stack, task.stack != nil
      else { continue }
      let bytes = Self.changed(task.data, after.tasks[other].data)
      if !bytes.isEmpty { stacks.append(Stack(before: index, after: other, bytes: bytes)) }
    }
  }

  private mutating func compareSlabs(_ before: KernelSnapshot, _ after: KernelSnapshot) {
    let places = Dictionary(after.slabs.enumerated().map { ($1.base, $0) }) { first, _ in first }
    var met: Set<Int> = []
    for (index, slab) in before.slabs.enumerated() {
      guard let other = places[slab.base], after.slabs[other].cache == slab.cache,
        after.slabs[other].objects == slab.objects
      else {
        gone.append(index)
        continue
      }
      met.insert(other)
      let now = after.slabs[other]
      var untold = 0
      let slots = zip(slab.slots.indices, now.slots).compactMap { slot, state -> Slot? in
        let hasNewOwner = slab.tracks[slot]?.taken != now.tracks[slot]?.taken
        guard slab.slots[slot] != state || hasNewOwner else { return nil }
        if slab.slots[slot] == .unknown || state == .unknown {
          untold += 1
          return nil
        }
        return Slot(
          number: slot, before: slab.slots[slot], after: state, hasNewOwner: hasNewOwner)
      }
      let bytes = Self.changed(slab.data, now.data)
      if slots.isEmpty, bytes.isEmpty {
        same += 1
      } else {
        slabs.append(
          Slab(before: index, after: other, slots: slots, untold: untold, bytes: bytes))
      }
    }
    new = after.slabs.indices.filter { !met.contains($0) }
  }

  /// Runs of bytes that differ, of as many as both have; runs less than 8 bytes apart are one.
  private static func changed(_ before: [UInt8], _ after: [UInt8]) -> [Range<Int>] {
    var runs: [Range<Int>] = []
    for index in 0..<min(before.count, after.count) where before[index] != after[index] {
      if let last = runs.last, index - last.upperBound < 8 {
        runs[runs.count - 1] = last.lowerBound..<index + 1
      } else {
        runs.append(index..<index + 1)
      }
    }
    return runs
  }
}
