import KernelHistory

/// Facts that follow from the numbers and names of a report.
public struct Assessment: Sendable, Equatable {
  /// Bytes an object of the cache holds, if its name tells.
  public var objectSize: UInt64?
  /// What is known of that size; nil for reports that name no cache.
  public var bounds: ObjectSize?
  /// Distance of the first byte from the object's start: as reported, or worked out from an
  /// address where objects are aligned to their size.
  public var offset: UInt64?
  /// Whether `offset` was worked out.
  public var offsetIsDerived = false
  /// Least distance the first byte must have had where no offset is known and the copy would fit the object.
  public var leastOffset: UInt64?
  /// Of the bytes asked for, how many lie in the object.
  public var inside: UInt64?
  /// How many do not; the least there can be when the offset is not known.
  public var outside: UInt64?
  /// Where on a stack of a usual size the copy starts, from the stack's lowest byte; nil where the address does not tell.
  public var stackOffset: UInt64?
  /// What the size looks like, the most telling first.
  public var suspiciousSize: [Suspicion] = []
  /// What the offset looks like.
  public var suspiciousOffset: [Suspicion] = []
  /// What may have gone wrong, the likeliest first; never empty.
  public var causes: [BugCause] = []

  /// The likely kind of bug.
  public var kind: BugKind { causes.first?.kind ?? .undetermined }

  /// Bytes of the kernel stack of 64-bit machines (`THREAD_SIZE` of x86_64 since 3.15 and of arm64).
  public static let stackSize: UInt64 = 16_384

  /// Works out what a report tells.
  public init(_ report: Report) {
    bounds =
      report.pages.map { ObjectSize(least: $0.objectSize, most: $0.objectSize, basis: .known) }
      ?? report.cache.map { ObjectSize(cache: $0) }
    objectSize = bounds?.exact
    offset = report.offset
    let address = Self.kernelAddress(report)
    if offset == nil, let objectSize, objectSize & (objectSize - 1) == 0, let address {
      offset = address & (objectSize - 1)
      offsetIsDerived = true
    }
    if let size = report.size { divide(size) }
    if report.known == .processStack, let address, address >> 32 != 0 {
      stackOffset = address & (Self.stackSize - 1)
    }
    suspiciousSize = report.size.map(Suspicion.all) ?? []
    if let offset = report.offset {
      suspiciousOffset = Suspicion.all(of: offset).filter {
        if case .text = $0 { false } else { true }
      }
    }
    causes = BugCause.all(report, self)
  }

  /// Whether the copy lies in the stack, so that it was refused for crossing a frame's border; nil where nothing tells.
  public func liesInStack(_ size: UInt64) -> Bool? {
    guard let stackOffset, size <= Self.stackSize else { return nil }
    return stackOffset + size <= Self.stackSize
  }

  /// An early report prints the address; a hashed one says nothing.
  private static func kernelAddress(_ report: Report) -> UInt64? {
    guard let printed = report.address,
      let address = UInt64(printed.hasPrefix("0x") ? printed.dropFirst(2) : printed[...], radix: 16)
    else { return nil }
    let isKernel = printed.utf8.count > 8 ? address >> 60 >= 0xC : address >= 0x4000_0000
    return isKernel ? address : nil
  }

  private mutating func divide(_ size: UInt64) {
    guard let objectSize else { return }
    if let offset {
      let room = offset < objectSize ? objectSize - offset : 0
      inside = min(size, room)
      outside = size - min(size, room)
    } else if size > objectSize {
      outside = size - objectSize
    } else {
      leastOffset = objectSize - size + 1
    }
  }
}
