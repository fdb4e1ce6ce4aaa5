extension Kernel {
  /// The first era, oldest first, whose checks refuse a copy on this kernel; nil when none does.
  ///
  /// Eras older than the layout of the slab are not asked. Copies that only fail for their user side
  /// count as not refused.
  public func firstCatcher(_ attempt: CopyAttempt) -> Era? {
    erasThatKnow(attempt.kernel).first { judge(attempt, under: $0, recording: false).isCaught }
  }

  /// The eras, oldest first, whose kernels could have laid out the slab at `address` as it is.
  ///
  /// SLUB has put a red zone to the left of objects since 4.6 (d86bd1bece6f). Checks older than that
  /// take its bytes for the object's first and would refuse the object itself: no kernel did so.
  public func erasThatKnow(_ address: Address) -> [Era] {
    guard virtAddrValid(address), case .slab(let index) = page(at: address).use,
      slabs.indices.contains(index), caches[slabs[index].cache].redLeftPad > 0
    else { return Era.all }
    return Era.all.filter { $0.release >= KernelVersion(4, 6) }
  }
}

extension CopyOutcome {
  /// A check of the kernel's side refused the copy, by whatever reaction.
  public var isCaught: Bool {
    switch verdict {
    case .deny: refuser != .accessOK
    case .bug: true
    case .allow, .hang: false
    }
  }
}
