import KernelHistory

extension BugCause {
  /// What explains a report, the likeliest first; at least one.
  static func all(_ report: Report, _ assessment: Assessment) -> [BugCause] {
    let suspicions = assessment.suspiciousSize + assessment.suspiciousOffset
    if suspicions.contains(.freedPoison) { return [BugCause(.useAfterFree, .concluded)] }
    if report.known == .nullAddress || report.object == ReportedObject.nullAddress.earlyWord {
      return [BugCause(.nullPointer, .known)]
    }
    let usual = usual(report, assessment)
    guard let alarm = falseAlarm(report) else { return usual }
    let rest = usual.filter { $0.kind != .undetermined }
    return alarm.isFirst ? [alarm.cause] + rest : rest + [alarm.cause]
  }

  // MARK: mistakes of the check

  private static func falseAlarm(_ report: Report) -> (cause: BugCause, isFirst: Bool)? {
    if report.known == .vmalloc, report.detail == nil, (report.offset ?? 0) >= 1 << 48 {
      return (BugCause(.knownFalsePositive, .concluded), true)
    }
    let release = report.aftermath.release.flatMap { KernelVersion($0) }
    let machine = report.aftermath.machine?.rawValue
    for row in FalseAlarm.all where row.object == report.known {
      if let detail = row.detail, detail != report.detail { continue }
      if let wanted = row.machine, let machine, machine != wanted { continue }
      if let last = row.last, let release, last < release { continue }
      let isOfTheMachine = row.machine == nil || machine == row.machine
      // Without a last release there is nothing to hold the kernel's own against.
      let isCertain = isOfTheMachine && row.last != nil && release != nil
      return (BugCause(.knownFalsePositive, isCertain ? .concluded : .assumed), isOfTheMachine)
    }
    return nil
  }

  // MARK: by what is named

  private static func usual(_ report: Report, _ assessment: Assessment) -> [BugCause] {
    if assessment.suspiciousSize.contains(where: isSign) {
      return [BugCause(.signedness, .concluded)]
    }
    if report.known == .wrappedAddress { return [BugCause(.wrappedPointer, .known)] }
    if report.isWarning { return [BugCause(.missingWhitelist, .known)] }
    if report.object == ObjectNames.heapObject { return slab(report, assessment) }
    switch report.known {
    case .processStack: return [BugCause(.stackFrame, .known)]
    case .kernelText, .linearText, .rodata: return [BugCause(.kernelText, .known)]
    case .vmalloc where report.detail == ReportedObject.noArea:
      return [BugCause(.freedMemory, .concluded)]
    case .vmalloc, .pageAlloc, .kmap, .spansPages, .spansReserved, .spansCMA:
      return [BugCause(.pageSpan, .known)]
    case .leftRedZone: return [BugCause(.wrongOffset, .known)]
    case .slubObject, .slabObject: return slab(report, assessment)
    case .notInSlubPage, .wrappedAddress, .nullAddress, .unknown, nil:
      return [BugCause(.undetermined, .assumed)]
    }
  }

  private static func isSign(_ suspicion: Suspicion) -> Bool {
    switch suspicion {
    case .errorNumber, .negative32, .negative64, .kernelAddress: true
    default: false
    }
  }

  /// Whether a size is a page's or several pages'.
  private static func isPages(_ size: UInt64) -> Bool { size >= 4096 && size % 4096 == 0 }

  private static func slab(_ report: Report, _ assessment: Assessment) -> [BugCause] {
    let unknown = [BugCause(.undetermined, .assumed)]
    guard let direction = report.direction else { return unknown }
    let past: BugKind = direction == .fromUser ? .overwrite : .overread
    // Before 4.16 all of an object might be copied: whatever was refused left it.
    if report.wording == .pointers { return [BugCause(past, .concluded)] }
    guard let size = report.size, let bounds = assessment.bounds else { return unknown }
    if bounds.exact == nil, report.wording == .pax { return unknown }
    guard let offset = assessment.offset else {
      return (assessment.outside ?? 0) > 0 ? [BugCause(past, .concluded)] : unknown
    }
    let end = offset &+ size
    switch bounds.fits(offset, size) {
    case .yes: return [BugCause(.missingWhitelist, .concluded)]
    case .no:
      let most = bounds.most ?? bounds.least
      if offset >= most { return [BugCause(.wrongOffset, .concluded)] }
      guard offset == 0, isPages(size) else { return [BugCause(past, .concluded)] }
      let page = BugCause(.mistakenPage, .concluded)
      let isPrivate = !CacheName.isKmalloc(report.cache ?? "")
      return isPrivate ? [page, BugCause(past, .assumed)] : [BugCause(past, .concluded), page]
    case .perhaps:
      var causes = [
        BugCause(.missingWhitelist, .assumed, least: end), BugCause(past, .assumed, less: end),
      ]
      if offset == 0, isPages(size) {
        causes.append(BugCause(.mistakenPage, .assumed, less: end))
      }
      return causes
    }
  }
}
