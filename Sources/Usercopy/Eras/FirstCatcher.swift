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
  public func erasThatKnow(_ attempt: CopyAttempt) -> [Era] {
    let known = erasThatKnow(attempt.kernel).filter {
      !attempt.entry.isOfRFC || $0.id.hasPrefix("rfc-")
    }
    guard let removed = attempt.entry.removed else { return known }
    return known.filter { $0.release < removed }
  }

  /// The eras, oldest first, whose kernels could have laid out the slab at `address` as it is.
  ///
  /// SLOB left Linux with 6.4 and SLAB with 6.8; what PaX finds in SLOB's chunks is not modelled.
  /// SLUB has put a red zone to the left of objects since 4.6 (d86bd1bece6f). Checks older than that
  /// take its bytes for the object's first and would refuse the object itself: no kernel did so.
  public func erasThatKnow(_ address: Address) -> [Era] {
    guard virtAddrValid(address), case .slab(let index) = page(at: address).use,
      slabs.indices.contains(index)
    else { return Era.all }
    let hasLeftRedZone = caches[slabs[index].cache].redLeftPad > 0
    return Era.all.filter { era in
      if hasLeftRedZone, era.release < KernelVersion(4, 6) { return false }
      return switch configuration.allocator {
      case .slub: true
      case .slab: era.release < KernelVersion(6, 8)
      case .slob: era.release < KernelVersion(6, 4) && !era.coversSLOB
      }
    }
  }
}

extension EntryPoint {
  /// Only the RFC has the function: it names what keeps on copying without its checks.
  fileprivate var isOfRFC: Bool { self == .copyToUserNocheck || self == .copyFromUserNocheck }

  /// The release that no longer has the function: `probe_kernel_read()` became
  /// `copy_from_kernel_nofault()`, which asks no check, with 5.8; `/dev/kmem` went with 5.13 and
  /// `copy_in_user()` with 5.15.
  var removed: KernelVersion? {
    switch self {
    case .probeKernelRead, .probeKernelWrite: KernelVersion(5, 8)
    case .readKmem, .doWriteKmem: KernelVersion(5, 13)
    case .copyInUser: KernelVersion(5, 15)
    default: nil
    }
  }
}

extension Era {
  /// Its check of objects does not stop at SLOB.
  fileprivate var coversSLOB: Bool {
    switch rules {
    case .rfc(let rules): rules.coversSLOB
    case .hardened(let rules): rules.coversSLOB
    }
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
