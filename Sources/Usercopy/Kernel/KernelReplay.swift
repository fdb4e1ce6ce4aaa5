/// Laying out memory exactly as a recording describes it.
extension Kernel {
  /// Places a vmalloc area of `length` bytes, guard page included, of which the first `mapped`
  /// bytes can be touched.
  public mutating func placeArea(
    _ name: String, start: Address, length: UInt64, mapped: UInt64
  ) {
    // No area goes past the end of the address space.
    let (length, mapped) = (min(length, .max - start), min(mapped, .max - start))
    areas.append(VmallocArea(name: name, start: start, length: length, mapped: mapped))
    memory.map(Mapping(start: start, length: mapped))
  }

  /// Sets what has become of a slot.
  public mutating func setState(_ state: ObjectState, slab: Int, index: Int) {
    guard slabs.indices.contains(slab), slabs[slab].objects.indices.contains(index) else { return }
    slabs[slab].objects[index].state = state
  }

  /// Gives the running task these frames, outermost first, and chains their saved frame pointers.
  ///
  /// `last` is what the outermost frame's saved pointer holds.
  public mutating func layFrames(_ frames: [Frame], chainEndsWith last: Address = 0) {
    guard stacks.indices.contains(current) else { return }
    stacks[current].frames = frames
    var saved = last
    for frame in frames {
      memory.setWord(saved, at: frame.framePointer, size: configuration.wordSize)
      saved = frame.framePointer
    }
  }
}
