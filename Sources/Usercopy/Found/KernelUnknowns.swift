/// Something a verdict hangs on that what was found of a kernel's memory does not tell.
public enum UnknownFact: Sendable, Hashable {
  /// What a page serves: at that address.
  case page(Address)
  /// Which bytes of a cache's objects may be copied: the cache's name.
  case window(String)
  /// How the kernel was built or booted.
  case build(BuildFact)
}

extension Kernel {
  /// What a verdict on a copy hangs on that is not known: only where the machine is of a real kernel's memory.
  ///
  /// A verdict hangs on a choice that nothing tells where it is another one with the other choice.
  public func unknowns(of attempt: CopyAttempt, under era: Era) -> [UnknownFact] {
    guard holdsFoundMemory, attempt.length > 0 else { return [] }
    let told = judge(attempt, under: era, recording: false)
    var facts: [UnknownFact] = []
    // The checks ask of the page of the first byte, so that others do not matter; what they would
    // refuse of it anyway hangs on no page.
    if told.verdict == .allow, asksOfPages(era), let page = untoldPage(attempt.kernel) {
      facts.append(.page(page))
    }
    if let (slab, _) = object(at: attempt.kernel) {
      let index = slabs[slab].cache
      if !caches[index].isWindowKnown,
        !windowless(index).judges(attempt, under: era, like: told)
      {
        facts.append(.window(caches[index].name))
      }
    }
    let builds = BuildFact.allCases.filter { configuration.assumed.contains($0) }
    return facts
      + builds.filter { hangs(told, on: $0, attempt, era) }.map(UnknownFact.build)
  }

  private func hangs(
    _ told: CopyOutcome, on fact: BuildFact, _ attempt: CopyAttempt, _ era: Era
  ) -> Bool {
    switch fact {
    // Each release has rules of its own; there is no other one to ask.
    case .release: return era.family == .linux
    case .text:
      return asksOfPages(era) && attempt.kernel >= layout.image.lowerBound && !layout.image.isEmpty
    case .checks, .fallback, .framePointer:
      guard let other = fact.turned(configuration) else { return false }
      var kernel = self
      kernel.configuration = other
      return !kernel.judges(attempt, under: era, like: told)
    }
  }

  /// Whether the same becomes of a copy here as elsewhere.
  private func judges(_ attempt: CopyAttempt, under era: Era, like told: CopyOutcome) -> Bool {
    let outcome = judge(attempt, under: era, recording: false)
    return outcome.verdict == told.verdict && outcome.consequence == told.consequence
      && outcome.warnings.isEmpty == told.warnings.isEmpty
  }

  /// The checks of an era look at pages at all.
  private func asksOfPages(_ era: Era) -> Bool {
    guard case .hardened = era.rules else { return true }
    return configuration.hardenedUsercopy || configuration.assumed.contains(.checks)
  }

  /// This machine with a cache none of whose bytes may be copied.
  private func windowless(_ cache: Int) -> Kernel {
    var other = self
    other.caches[cache].useroffset = 0
    other.caches[cache].usersize = 0
    other.caches[cache].flags.remove(.usercopy)
    return other
  }

  /// The address, where what lies there is not told.
  private func untoldPage(_ start: Address) -> Address? {
    guard pages.isValid(start), !stacks.contains(where: { $0.contains(start) }) else {
      let isTold =
        start < layout.userTop || stacks.contains { $0.contains(start) } || area(at: start) != nil
        || placed.contains { $0.contains(start) } || layout.text.contains(start)
      return isTold ? nil : start
    }
    guard object(at: start) == nil, case .plain = pages.descriptor(at: start).use,
      pages.block(at: start) == nil
    else { return nil }
    return start
  }
}
