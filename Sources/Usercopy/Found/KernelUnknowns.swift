/// Something a verdict hangs on that what was found of a kernel's memory does not tell.
public enum UnknownFact: Sendable, Hashable {
  /// What a page serves: at that address.
  case page(Address)
  /// Which bytes of a cache's objects may be copied: the cache's name.
  case window(String)
}

extension Kernel {
  /// What a verdict on a copy hangs on that is not known: only where the machine is of a real kernel's memory.
  ///
  /// The checks ask of the page of the first byte, so that others do not matter.
  public func unknowns(of attempt: CopyAttempt) -> [UnknownFact] {
    guard holdsFoundMemory, attempt.length > 0 else { return [] }
    let start = attempt.kernel
    guard pages.isValid(start), !stacks.contains(where: { $0.contains(start) }) else {
      let isTold =
        start < layout.userTop || stacks.contains { $0.contains(start) } || area(at: start) != nil
        || placed.contains { $0.contains(start) } || layout.text.contains(start)
      return isTold ? [] : [.page(start)]
    }
    if let (slab, _) = object(at: start) {
      let cache = caches[slabs[slab].cache]
      return cache.isWindowKnown ? [] : [.window(cache.name)]
    }
    guard case .plain = pages.descriptor(at: start).use, pages.block(at: start) == nil else {
      return []
    }
    return [.page(start)]
  }

  /// Part of the machine was found in a real kernel's memory; what was not found is not known.
  public var holdsFoundMemory: Bool {
    slabs.contains(where: \.isFound) || stacks.contains { $0.frames.contains(where: \.isFound) }
  }
}
