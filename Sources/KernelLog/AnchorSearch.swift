/// Finds the bytes of a log at which a report may stand, sixteen bytes at a time.
///
/// A line break inserted anywhere spoils at most one of "kernel memory" and "attempt", so looking
/// for both finds every wrapped report.
enum AnchorSearch {
  /// First anchor in `range`, or nil.
  static func first(in raw: UnsafeRawBufferPointer, range: Range<Int>) -> Int? {
    var position = range.lowerBound
    let vectorEnd = min(range.upperBound, raw.count - 18)
    while position < vectorEnd {
      if anyPair(raw, position) {
        for index in position..<min(position + 16, range.upperBound) where isAnchor(raw, index) {
          return index
        }
      }
      position += 16
    }
    while position < range.upperBound {
      if isAnchor(raw, position) { return position }
      position += 1
    }
    return nil
  }

  private typealias Block = SIMD16<UInt8>

  @inline(__always) private static var m: Block { Block(repeating: UInt8(ascii: "m")) }
  @inline(__always) private static var p: Block { Block(repeating: UInt8(ascii: "p")) }
  @inline(__always) private static var l: Block { Block(repeating: UInt8(ascii: "l")) }
  @inline(__always) private static var k: Block { Block(repeating: UInt8(ascii: "k")) }
  @inline(__always) private static var underscore: Block { Block(repeating: UInt8(ascii: "_")) }
  @inline(__always) private static var newline: Block { Block(repeating: UInt8(ascii: "\n")) }

  /// Whether one of the pairs `mp`, `l?m` and `_?k` starts in the sixteen bytes.
  @inline(__always)
  private static func anyPair(_ raw: UnsafeRawBufferPointer, _ position: Int) -> Bool {
    let first = raw.loadUnaligned(fromByteOffset: position, as: Block.self)
    let second = raw.loadUnaligned(fromByteOffset: position + 1, as: Block.self)
    let third = raw.loadUnaligned(fromByteOffset: position + 2, as: Block.self)
    let attempt = (first .== Self.m) .& (second .== Self.p)
    let memory = (first .== Self.l) .& (third .== Self.m)
    let access = (first .== Self.underscore) .& (third .== Self.k)
    let hit = attempt .| memory .| access
    let words = unsafeBitCast(hit, to: SIMD2<UInt64>.self)
    return words[0] | words[1] != 0
  }

  private static func isAnchor(_ raw: UnsafeRawBufferPointer, _ index: Int) -> Bool {
    switch raw[index] {
    case UInt8(ascii: "m"):
      matches(raw, "attempt", at: index - 4) && letters(raw, after: index + 3, start: ["det"])
    case UInt8(ascii: "l"):
      matches(raw, "ernel memory", at: index - 4)
        && letters(raw, after: index + 8, start: ["exp", "ove", "lea"])
    case UInt8(ascii: "_"):
      matches(raw, "access_ok", at: index - 6)
        && letters(raw, after: index + 3, start: ["fai", "sta"])
    default: false
    }
  }

  private static func matches(
    _ raw: UnsafeRawBufferPointer, _ word: StaticString, at start: Int
  ) -> Bool {
    guard start >= 0, start + word.utf8CodeUnitCount <= raw.count else { return false }
    return word.withUTF8Buffer { bytes in
      for offset in bytes.indices where raw[start + offset] != bytes[offset] { return false }
      return true
    }
  }

  /// Whether the next three letters, close behind, are those of one of a few words.
  private static func letters(
    _ raw: UnsafeRawBufferPointer, after start: Int, start words: [StaticString]
  ) -> Bool {
    var found: (UInt8, UInt8, UInt8) = (0, 0, 0)
    for index in start..<min(raw.count, start + 28) where Digits.isLetter(raw[index]) {
      found = (found.1, found.2, raw[index])
      if found.0 != 0 { break }
    }
    return words.contains { word in
      word.withUTF8Buffer { found.0 == $0[0] && found.1 == $0[1] && found.2 == $0[2] }
    }
  }

  /// Number of line ends in `range`.
  static func lines(in raw: UnsafeRawBufferPointer, range: Range<Int>) -> Int {
    var count = 0
    var position = range.lowerBound
    while position + 16 <= range.upperBound {
      let blocks = min(255, (range.upperBound - position) / 16)
      var lanes = Block(repeating: 0)
      for _ in 0..<blocks {
        let block = raw.loadUnaligned(fromByteOffset: position, as: Block.self)
        let hit = unsafeBitCast(block .== Self.newline, to: Block.self)
        lanes = lanes &- hit
        position += 16
      }
      for lane in 0..<16 { count += Int(lanes[lane]) }
    }
    while position < range.upperBound {
      if raw[position] == UInt8(ascii: "\n") { count += 1 }
      position += 1
    }
    return count
  }
}
