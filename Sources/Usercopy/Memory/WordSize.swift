/// An address of the simulated machine. 32-bit machines use the low half only.
public typealias Address = UInt64

/// The width of `unsigned long` and of pointers, with the arithmetic C does at that width.
public enum WordSize: Int, Sendable, Hashable, CaseIterable {
  case bits32 = 32
  case bits64 = 64

  /// Bytes in a pointer.
  public var bytes: UInt64 { self == .bits32 ? 4 : 8 }

  /// The largest value of `unsigned long`.
  public var mask: UInt64 { self == .bits32 ? 0xffff_ffff : .max }

  /// First address behind all others; of 64 bits the last one, which nothing is ever at.
  public var top: UInt64 { self == .bits32 ? 1 << 32 : .max }

  /// Hexadecimal digits of a full pointer.
  public var digits: Int { self == .bits32 ? 8 : 16 }

  /// `value` as an `unsigned long` holds it.
  public func wrap(_ value: UInt64) -> UInt64 { value & mask }

  /// `a + b` modulo the width.
  public func add(_ a: UInt64, _ b: UInt64) -> UInt64 { (a &+ b) & mask }

  /// `a - b` modulo the width.
  public func subtract(_ a: UInt64, _ b: UInt64) -> UInt64 { (a &- b) & mask }

  /// `value` read as the signed integer of this width.
  public func signed(_ value: UInt64) -> Int64 {
    self == .bits32
      ? Int64(Int32(truncatingIfNeeded: value)) : Int64(bitPattern: value)
  }
}

extension UInt64 {
  /// The next multiple of `alignment` (a power of two) at or above this value, saturating.
  public func aligned(up alignment: UInt64) -> UInt64 {
    guard alignment > 1 else { return self }
    let (sum, overflow) = addingReportingOverflow(alignment - 1)
    return (overflow ? .max : sum) & ~(alignment - 1)
  }

  /// The next multiple of `alignment` (a power of two) at or below this value.
  public func aligned(down alignment: UInt64) -> UInt64 {
    alignment > 1 ? self & ~(alignment - 1) : self
  }
}
