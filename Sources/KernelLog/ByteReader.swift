/// Reads numbers of a stated byte order from bytes; every read is checked.
struct ByteReader {
  let bytes: [UInt8]
  var isBigEndian: Bool

  /// An unsigned number of N's width at `offset`.
  func number<N: FixedWidthInteger>(
    at offset: Int, as type: N.Type
  ) throws(KernelLogError) -> N {
    let width = N.bitWidth / 8
    try need(width, at: offset)
    var value: N = 0
    for index in 0..<width {
      let place = isBigEndian ? offset + index : offset + width - 1 - index
      value = value << 8 | N(truncatingIfNeeded: bytes[place])
    }
    return value
  }

  /// Fails unless `count` bytes stand at `offset`.
  func need(_ count: Int, at offset: Int) throws(KernelLogError) {
    let available = max(0, bytes.count - offset)
    guard count <= available else {
      throw .truncated(offset: offset, needed: count, available: available)
    }
  }
}
