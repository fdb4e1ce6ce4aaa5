extension BinaryInteger {
  /// Lowercase hexadecimal digits, padded with zeros to `width`.
  @inlinable
  public func hex(width: Int = 0) -> String {
    let digits = String(self, radix: 16)
    let zeros = width - digits.utf8.count
    return zeros > 0 ? String(repeating: "0", count: zeros) + digits : digits
  }
}

extension Sequence<UInt8> {
  /// Two lowercase hexadecimal digits a byte, with nothing between them.
  public var hex: String { map { $0.hex(width: 2) }.joined() }
}
