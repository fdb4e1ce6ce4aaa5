/// Reads numbers of a stated byte order from a part of a file; every read is checked. All offsets
/// are the file's.
struct ByteReader {
  /// The part.
  private(set) var bytes: [UInt8]
  /// Where it starts in the file.
  private(set) var base: Int
  var isBigEndian: Bool

  init(bytes: [UInt8] = [], base: Int = 0, isBigEndian: Bool = false) {
    self.bytes = bytes
    self.base = base
    self.isBigEndian = isBigEndian
  }

  /// Offset behind the part's last byte.
  var end: Int { base + bytes.count }

  /// Takes the file's next bytes.
  mutating func append(_ piece: some Sequence<UInt8>) { bytes.append(contentsOf: piece) }

  /// Forgets what is before an offset.
  mutating func drop(before offset: Int) {
    bytes.removeFirst(min(max(0, offset - base), bytes.count))
    base = max(base, offset)
  }

  /// An unsigned number of N's width at `offset`.
  func number<N: FixedWidthInteger>(
    at offset: Int, as type: N.Type
  ) throws(KernelLogError) -> N {
    let width = N.bitWidth / 8
    try need(width, at: offset)
    var value: N = 0
    for index in 0..<width {
      let place = isBigEndian ? offset + index : offset + width - 1 - index
      value = value << 8 | N(truncatingIfNeeded: bytes[place - base])
    }
    return value
  }

  /// The byte at `offset`.
  func byte(at offset: Int) throws(KernelLogError) -> UInt8 {
    try need(1, at: offset)
    return bytes[offset - base]
  }

  /// The bytes of a range, as far as they are there.
  func slice(_ range: Range<Int>) -> ArraySlice<UInt8> {
    let start = min(max(base, range.lowerBound), end)
    return bytes[(start - base)..<(max(start, min(range.upperBound, end)) - base)]
  }

  /// Fails unless `count` bytes stand at `offset`.
  func need(_ count: Int, at offset: Int) throws(KernelLogError) {
    let available = max(0, end - offset)
    guard offset >= base, count <= available else {
      throw .truncated(offset: offset, needed: count, available: available)
    }
  }
}
