import KernelHistory

extension Kernel {
  /// The first era, oldest first, whose checks refuse a copy on this kernel; nil when none does.
  ///
  /// Eras older than the layout of the slab are not asked. Copies that only fail for their user side
  /// count as not refused.
  public func firstCatcher(_ attempt: CopyAttempt) -> Era? {
    erasThatKnow(attempt).first { judge(attempt, under: $0, recording: false).isCaught }
  }

  /// The eras, oldest first, whose kernels have the function a copy goes through and could have laid
  /// out the slab it touches as it is.
  public func erasThatKnow(_ attempt: CopyAttempt, among eras: [Era] = Era.compared) -> [Era] {
    let known = erasThatKnow(attempt.kernel, among: eras).filter {
      !attempt.entry.isOfRFC || $0.family == .rfc
    }
    guard let life = attempt.entry.life else { return known }
    return known.filter { life.holds(in: $0.release) }
  }

  /// The eras, oldest first, whose kernels could have laid out the slab at `address` as it is.
  ///
  /// SLOB and SLAB have left Linux. Checks older than SLUB's left red zone take its bytes for the object's first and would refuse the object itself: no
  /// kernel did so.
  public func erasThatKnow(_ address: Address, among eras: [Era] = Era.compared) -> [Era] {
    guard virtAddrValid(address), case .slab(let index) = page(at: address).use,
      slabs.indices.contains(index)
    else { return eras }
    let hasLeftRedZone = caches[slabs[index].cache].redLeftPad > 0
    return eras.filter { era in
      if hasLeftRedZone, !AllocatorChange.leftRedZone.holds(in: era.release) { return false }
      return switch configuration.allocator {
      case .slub: true
      case .slab: AllocatorChange.slab.holds(in: era.release)
      case .slob: AllocatorChange.slob.holds(in: era.release)
      }
    }
  }
}

extension EntryPoint {
  /// Only the RFC has the function: it names what keeps on copying without its checks.
  fileprivate var isOfRFC: Bool { self == .copyToUserNocheck || self == .copyFromUserNocheck }

  /// The releases that have the function; nil for those that never went.
  var life: CallerChange? {
    switch self {
    case .probeKernelRead, .probeKernelWrite: .probeKernel
    case .readKmem, .doWriteKmem: .kmem
    case .copyInUser: .copyInUser
    case .copyStructFromUser: .structCopy
    case .userAccessBegin, .userAccessEnd, .unsafePutUser, .unsafeGetUser: .bareAccess
    case .copyToUser, .copyFromUser, .copyToUserUnchecked, .copyFromUserUnchecked,
      .copyFromUserOutOfLine, .copyToUserInatomic, .copyFromUserInatomic, .copyFromUserNocache,
      .copyFromUserInatomicNocache, .copyToUserNocheck, .copyFromUserNocheck, .strncpyFromUser,
      .strncpyFromUserUnchecked, .clearUser, .clearUserUnchecked, .putUser, .getUser,
      .putUserUnchecked, .getUserUnchecked, .readMem, .writeMem, .copyOldmemPage, .checkOnly:
      nil
    }
  }
}

extension CopyOutcome {
  /// A check of the kernel's side refused the copy, by whatever reaction.
  public var isCaught: Bool {
    switch verdict {
    case .deny: refuser?.looksAtUser != true
    case .bug: true
    case .allow, .hang: false
    }
  }
}
