import KernelHistory

/// The kind of bug a report most likely shows.
public enum BugKind: String, Sendable, Equatable, CaseIterable {
  /// The copy would have carried bytes behind the object to user space.
  case overread = "overread"
  /// The copy would have overwritten bytes behind the object.
  case overwrite = "overwrite"
  /// The copy starts outside the object.
  case wrongOffset = "wrong-offset"
  /// A negative number or an error number was used as a size.
  case signedness = "signedness"
  /// A number was read from freed memory.
  case useAfterFree = "use-after-free"
  /// The bytes are the object's own, but its cache does not allow copying them.
  case missingWhitelist = "missing-whitelist"
  /// The copy leaves a stack frame or the stack.
  case stackFrame = "stack-frame"
  /// The copy leaves the pages or the mapping that were allocated.
  case pageSpan = "page-span"
  /// The kernel pointer is NULL or next to it.
  case nullPointer = "null-pointer"
  /// Address and size together pass the end of the address space.
  case wrappedPointer = "wrapped-pointer"
  /// The copy touches the kernel's own code or constants.
  case kernelText = "kernel-text"
  /// A wording known from bugs in the check itself rather than in its caller.
  case knownFalsePositive = "known-false-positive"
  /// Nothing points to one of the others.
  case undetermined = "undetermined"
}

/// Facts that follow from the numbers and names of a report.
public struct Assessment: Sendable, Equatable {
  /// Bytes an object of the cache holds, if its name tells.
  public var objectSize: UInt64?
  /// Distance of the first byte from the object's start: as reported, or worked out from an
  /// address where objects are aligned to their size.
  public var offset: UInt64?
  /// Whether `offset` was worked out.
  public var offsetIsDerived = false
  /// Of the bytes asked for, how many lie in the object.
  public var inside: UInt64?
  /// How many do not; the least there can be when the offset is not known.
  public var outside: UInt64?
  /// What the size looks like, the most telling first.
  public var suspiciousSize: [Suspicion] = []
  /// What the offset looks like.
  public var suspiciousOffset: [Suspicion] = []
  /// The likely kind of bug.
  public var kind = BugKind.undetermined

  /// Works out what a report tells.
  public init(_ report: Report) {
    objectSize = report.cache.flatMap(CacheName.objectSize)
    offset = report.offset
    if offset == nil, let derived = Self.derivedOffset(report, objectSize) {
      offset = derived
      offsetIsDerived = true
    }
    if let size = report.size { divide(size) }
    suspiciousSize = report.size.map(Suspicion.all) ?? []
    if let offset = report.offset {
      suspiciousOffset = Suspicion.all(of: offset).filter {
        if case .text = $0 { false } else { true }
      }
    }
    kind = likelyKind(report)
  }

  /// An early report prints the address. Caches whose size is a power of two align their objects
  /// to it; a hashed address says nothing.
  private static func derivedOffset(_ report: Report, _ objectSize: UInt64?) -> UInt64? {
    guard let objectSize, objectSize & (objectSize - 1) == 0, let printed = report.address,
      let address = UInt64(printed.hasPrefix("0x") ? printed.dropFirst(2) : printed[...], radix: 16)
    else { return nil }
    let isKernel = printed.utf8.count > 8 ? address >> 60 >= 0xC : address >= 0x4000_0000
    return isKernel ? address & (objectSize - 1) : nil
  }

  private mutating func divide(_ size: UInt64) {
    guard let objectSize else { return }
    if let offset {
      let room = offset < objectSize ? objectSize - offset : 0
      inside = min(size, room)
      outside = size - min(size, room)
    } else if size > objectSize {
      outside = size - objectSize
    }
  }

  // MARK: the likely kind

  private func likelyKind(_ report: Report) -> BugKind {
    let suspicions = suspiciousSize + suspiciousOffset
    if suspicions.contains(.freedPoison) { return .useAfterFree }
    if report.known == .nullAddress || report.object == ReportedObject.nullAddress.earlyWord {
      return .nullPointer
    }
    if isKnownFalsePositive(report) { return .knownFalsePositive }
    if suspiciousSize.contains(where: Self.isSign) { return .signedness }
    if report.known == .wrappedAddress { return .wrappedPointer }
    if report.isWarning { return .missingWhitelist }
    if report.object == ObjectNames.heapObject { return slabKind(report) }
    switch report.known {
    case .processStack: return .stackFrame
    case .kernelText, .linearText, .rodata: return .kernelText
    case .vmalloc, .pageAlloc, .kmap, .spansPages, .spansReserved, .spansCMA: return .pageSpan
    case .leftRedZone: return .wrongOffset
    case .slubObject, .slabObject: return slabKind(report)
    case .notInSlubPage, .wrappedAddress, .nullAddress, .unknown, nil: return .undetermined
    }
  }

  private static func isSign(_ suspicion: Suspicion) -> Bool {
    switch suspicion {
    case .errorNumber, .negative32, .negative64, .kernelAddress: true
    default: false
    }
  }

  /// Wordings that public reports trace to the check: an address without an area or with tag
  /// bits in it (5.18 and 5.19), an address wrongly held to be in the linear mapping, and the
  /// page-span test, given up in 5.19.
  private func isKnownFalsePositive(_ report: Report) -> Bool {
    switch report.known {
    case .vmalloc: report.detail == ReportedObject.noArea || (report.offset ?? 0) >= 1 << 48
    case .notInSlubPage, .spansPages: true
    case .slubObject, .slabObject, .leftRedZone, .processStack, .kernelText, .linearText,
      .wrappedAddress, .nullAddress, .rodata, .spansReserved, .spansCMA, .pageAlloc, .kmap,
      .unknown,
      nil:
      false
    }
  }

  private func slabKind(_ report: Report) -> BugKind {
    guard let direction = report.direction else { return .undetermined }
    let past: BugKind = direction == .fromUser ? .overwrite : .overread
    // Before 4.16 all of an object might be copied: whatever was refused left it.
    if report.wording == .pointers { return past }
    guard let objectSize else {
      return report.wording == .pax || report.size == nil ? .undetermined : .missingWhitelist
    }
    if let offset, offset >= objectSize { return .wrongOffset }
    guard let outside else { return .undetermined }
    if outside > 0 { return past }
    return .missingWhitelist
  }
}
