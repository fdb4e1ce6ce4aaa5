import KernelHistory

/// What is known of the size of a slab cache's objects.
public struct ObjectSize: Sendable, Hashable {
  /// Bytes an object has at least.
  public var least: UInt64
  /// Bytes it has at most; nil where nothing tells.
  public var most: UInt64?
  /// What that rests on.
  public var basis: Basis

  /// The size, where the bounds leave one.
  public var exact: UInt64? { least == most ? least : nil }

  /// What the name of a cache tells.
  ///
  /// Caches of `kmalloc()` carry their size. A number behind the last underscore ("zio_buf_comb_16384") is its author's
  /// word for it. The structures of a few caches have bounds in all kernels looked at; of others nothing is said.
  public init(cache name: String) {
    let name = CacheName.base(name)
    if let size = CacheName.objectSize(name) {
      self.init(least: size, most: size, basis: .known)
    } else if let bounds = CacheNames.sizeBounds[name] {
      self.init(least: bounds.lowerBound, most: bounds.upperBound, basis: .concluded)
    } else if let size = CacheName.trailingSize(name) {
      self.init(least: size, most: size, basis: .concluded)
    } else {
      self.init(least: 1, most: nil, basis: .assumed)
    }
  }

  init(least: UInt64, most: UInt64?, basis: Basis) {
    self.least = least
    self.most = most
    self.basis = basis
  }

  /// Whether the bytes from an offset on can, must or cannot lie in an object.
  func fits(_ offset: UInt64, _ size: UInt64) -> Fit {
    let (end, overflow) = offset.addingReportingOverflow(size)
    if overflow { return .no }
    if end <= least { return .yes }
    return most.map { end > $0 } == true ? .no : .perhaps
  }

  enum Fit { case yes, no, perhaps }
}
