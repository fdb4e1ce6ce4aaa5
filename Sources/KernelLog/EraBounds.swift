import KernelHistory

/// The mainline releases in which a report of a wording since 4.16 can have been printed: what its
/// object and its cache tell beyond the wording.
struct EraBounds {
  /// First release; nil when nothing says.
  private(set) var first: KernelVersion?
  /// Last release.
  private(set) var last: KernelVersion?
  /// What narrowed them, beyond the wording.
  private(set) var reason = EraReason.wording

  /// The bounds of a report whose wording alone allows `first` to `last`.
  init(_ report: Report, _ wording: any Dated, reason: EraReason = .wording) {
    first = wording.since
    last = wording.last
    self.reason = reason
    if let object = report.object, let change = report.known?.change {
      narrow((change.since, change.last), .object(object))
    }
    if let cache = report.cache { narrow(Self.cache(cache), .cache(cache)) }
    if Self.isLongerThanLimit(report) {
      narrow((nil, CallerChange.lengthLimit.since?.previous), .length)
    }
  }

  /// What wraps is as long as its end is high, and a longer one than INT_MAX does not reach the check any more.
  private static func isLongerThanLimit(_ report: Report) -> Bool {
    guard report.known == .wrappedAddress, let end = report.size else { return false }
    return end > UInt64(Int32.max)
  }

  private typealias Span = (first: KernelVersion?, last: KernelVersion?)

  private static func cache(_ name: String) -> Span? {
    if let family = CacheNames.families.first(where: { $0.contains(name) }) {
      return (family.change.since, family.change.last)
    }
    guard name.hasPrefix("kmalloc-") || name.hasPrefix("dma-kmalloc-"),
      let size = CacheName.objectSize(name), size >= CacheNames.leastShort,
      let short = AllocatorChange.shortNames.since
    else { return nil }
    let isShort = name.utf8.last.map(Digits.isLetter) == true
    return isShort ? (short, nil) : (nil, short.previous)
  }

  /// Takes bounds over that leave something.
  private mutating func narrow(_ span: Span?, _ reason: EraReason) {
    guard let span else { return }
    var narrowed = self
    if let since = span.first, first.map({ $0 < since }) ?? true { narrowed.first = since }
    if let until = span.last, last.map({ until < $0 }) ?? true { narrowed.last = until }
    if let last = narrowed.last, let first = narrowed.first, last < first { return }
    guard narrowed.first != first || narrowed.last != last else { return }
    narrowed.reason = reason
    self = narrowed
  }
}
