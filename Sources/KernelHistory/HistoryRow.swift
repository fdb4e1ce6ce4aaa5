/// One fact about Linux: what it is, and the releases in which it holds.
public struct HistoryRow: Sendable, Hashable {
  /// One phrase.
  public var what: String
  /// First release; nil where it is as old as anything looked at here.
  public var since: KernelVersion?
  /// Last release; nil where it still holds.
  public var last: KernelVersion?
  /// First twelve digits of the commit that began it, or ended it where `since` is nil; nil where it
  /// is not known here.
  public var commit: String?
  /// Older long-term releases whose last updates have it too.
  public var carriedTo: [KernelVersion]

  init(
    _ what: String, since: KernelVersion? = nil, last: KernelVersion? = nil, commit: String? = nil,
    carriedTo: [KernelVersion] = []
  ) {
    self.what = what
    self.since = since
    self.last = last
    self.commit = commit
    self.carriedTo = carriedTo
  }

  /// Whether it is so in a release with its last updates.
  public func holds(in release: KernelVersion) -> Bool {
    carriedTo.contains(release)
      || (since.map { $0 <= release } ?? true) && (last.map { release <= $0 } ?? true)
  }
}

/// A fact that stands in a table by release.
public protocol Dated: Sendable {
  /// Its row.
  var row: HistoryRow { get }
}

extension Dated {
  /// Whether it is so in a release with its last updates.
  public func holds(in release: KernelVersion) -> Bool { row.holds(in: release) }

  /// First release; nil where it is as old as anything looked at here.
  public var since: KernelVersion? { row.since }

  /// Last release; nil where it still holds.
  public var last: KernelVersion? { row.last }
}
