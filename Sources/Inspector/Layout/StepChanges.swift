import Simulation
import Usercopy

/// What the present step changed in memory.
struct StepChanges {
  private let now: Kernel
  private let before: Kernel?

  init(_ subject: Subject) { (now, before) = (subject.world.kernel, subject.past) }

  /// Whether a slot was handed out, given back, or written to.
  func slot(_ number: Int, of slab: Slab, stride: UInt64) -> Bool {
    guard let before else { return false }
    guard let old = before.slabs.last(where: { $0.base == slab.base && !$0.isGone }),
      old.objects.indices.contains(number)
    else { return slab.objects[number].state != .never }
    let (was, object) = (old.objects[number], slab.objects[number])
    if was.state != object.state || was.label != object.label { return true }
    return bytes(slab.firstSlot &+ UInt64(number) &* stride, length: min(stride, 4096))
  }

  /// Whether bytes of a stack were written to.
  func bytes(_ start: Address, length: UInt64) -> Bool {
    guard let before, length > 0 else { return false }
    let count = Int(min(length, 4096))
    return now.memory.read(start, count: count) != before.memory.read(start, count: count)
  }
}
