/// What a kernel's own memory tells of the cache that a report names.
public struct CacheFacts: Sendable, Hashable {
  /// Bytes of an object.
  public var objectSize: UInt64
  /// Bytes of an object that may be copied, empty for none; nil where it is not told.
  public var window: Range<UInt64>?

  /// Facts of a cache.
  public init(objectSize: UInt64, window: Range<UInt64>? = nil) {
    self.objectSize = objectSize
    self.window = window
  }

  /// How many bytes of a copy may be copied; nil where the window is not told.
  ///
  /// - Parameters:
  ///   - offset: where the copy starts, from the object's first byte.
  ///   - size: its bytes.
  public func allowed(_ offset: UInt64, _ size: UInt64) -> UInt64? {
    guard let window else { return nil }
    let (sum, overflow) = offset.addingReportingOverflow(size)
    let end = min(overflow ? .max : sum, window.upperBound)
    let start = max(offset, window.lowerBound)
    return end > start ? end - start : 0
  }
}
