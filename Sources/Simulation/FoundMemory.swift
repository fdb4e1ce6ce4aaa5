import Usercopy

/// Memory of a real kernel that a scenario begins with.
extension World {
  /// Puts a slab in its place and names its slots; false where its cache is not there or other pages lie there.
  @discardableResult
  mutating func place(_ found: FoundSlab) -> Bool {
    guard let cache = kernel.cache(named: found.cache),
      let slab = kernel.place(found, cache: cache)
    else { return false }
    let size = kernel.caches[cache].objectSize
    for (index, object) in kernel.slabs[slab].objects.enumerated() {
      let named = Named(
        address: kernel.objectAddress(slab: slab, index: index), size: size, kind: .object,
        isLive: object.state == .live, holder: object.holder)
      for name in Set([FoundSlab.name(ofSlot: index), object.label])
      where names[name] == nil { names[name] = named }
    }
    return true
  }
}

extension Script {
  /// The first slab or stack that cannot be where the script says; nil if all can.
  public func foundProblem() -> (isStack: Bool, index: Int)? {
    guard let era = Era.named(era) else { return nil }
    var bare = self
    bare.slabs = []
    bare.stacks = []
    var world = bare.start(under: era)
    for (index, slab) in slabs.enumerated() where !world.place(slab) { return (false, index) }
    for (index, stack) in stacks.enumerated() where !world.kernel.place(stack) {
      return (true, index)
    }
    return nil
  }
}
