import Scenario
import Simulation
import Testing

/// SplitMix64: the same walk for the same seed everywhere.
struct SeededGenerator: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
}

/// Lessons damaged in every way: reading and playing them may fail, with a place, but never crash.
struct FuzzTests {
  static let numbers = [
    "0", "1", "-1", "8", "63", "64", "65", "4095", "4096", "65536", "4194304", "4294967295",
    "4294967296", "0x7fffffffffffffff", "0x8000000000000000", "0xfffffffffffffff8",
    "18446744073709551615", "-9223372036854775808", "99999999999999999999",
  ]
  static let words = [
    "slab", "slub", "slob", "x86_32", "x86_64", "generic", "user", "null", "kernel-text",
    "linear-text",
    "stack-start", "stack-end", "frame-pointer", "copy_to_user", "copy_from_user", "__copy_to_user",
    "check_object_size", "strncpy_from_user", "clear_user", "true", "false", "ZPU", "kmalloc-8",
    "kmalloc-8192", "pax", "~", "[]", "{}", "*a", "&a", "? ", "|", ">", "\"", "'", "\u{0}", "é",
    "\t",
  ]

  @Test(arguments: 0..<12)
  func damagedLessonsNeverCrash(seed: Int) {
    var generator = SeededGenerator(state: UInt64(seed) &* 7919 &+ 1)
    var (read, played, refused) = (0, 0, 0)
    for _ in 0..<120 {
      guard let entry = Lessons.all.randomElement(using: &generator) else { return }
      var bytes = Array(entry.text.utf8)
      for _ in 0...Int.random(in: 0...4, using: &generator) { Self.damage(&bytes, &generator) }
      let text = String(decoding: bytes, as: UTF8.self)
      do throws(Diagnostic) {
        let script = try ScenarioReader.parse(text, file: "fuzz.yaml", id: "fuzz")
        read += 1
        _ = try? Playback(script)
        played += 1
        _ = try ScenarioReader.read(text, file: "fuzz.yaml", id: "fuzz")
      } catch {
        refused += 1
        #expect(error.file == "fuzz.yaml")
        #expect(error.line >= 0 && error.line <= text.utf8.count + 1)
        #expect(!error.message.isEmpty)
      }
    }
    #expect(read == played)
    #expect(read > 0 && refused > 0)
  }

  static func damage(_ bytes: inout [UInt8], _ generator: inout SeededGenerator) {
    guard !bytes.isEmpty else { return }
    switch Int.random(in: 0..<7, using: &generator) {
    case 0:
      bytes[bytes.indices.randomElement(using: &generator) ?? 0] = .random(
        in: 0...255, using: &generator)
    case 1: bytes.removeSubrange(span(bytes, &generator))
    case 2:
      let piece = Array(bytes[span(bytes, &generator)])
      bytes.insert(contentsOf: piece, at: .random(in: 0...bytes.count, using: &generator))
    case 3: replaceNumber(&bytes, numbers, &generator)
    case 4:
      let word = words.randomElement(using: &generator) ?? ""
      bytes.replaceSubrange(span(bytes, &generator), with: Array(word.utf8))
    case 5:
      var lines = bytes.split(separator: 10, omittingEmptySubsequences: false)
      let (a, b) = (
        Int.random(in: lines.indices, using: &generator),
        Int.random(in: lines.indices, using: &generator)
      )
      lines.swapAt(a, b)
      bytes = Array(lines.joined(separator: [10]))
    default: bytes.removeLast(.random(in: 0...bytes.count, using: &generator))
    }
  }

  private static func span(_ bytes: [UInt8], _ generator: inout SeededGenerator) -> Range<Int> {
    let start = Int.random(in: 0..<bytes.count, using: &generator)
    return start..<min(bytes.count, start + .random(in: 1...24, using: &generator))
  }

  /// Puts another number in the place of one of the text's own.
  private static func replaceNumber(
    _ bytes: inout [UInt8], _ numbers: [String], _ generator: inout SeededGenerator
  ) {
    let digits = bytes.indices.filter { (48...57).contains(bytes[$0]) }
    guard let found = digits.randomElement(using: &generator) else { return }
    var (start, end) = (found, found)
    while start > 0, (48...57).contains(bytes[start - 1]) { start -= 1 }
    while end < bytes.count, (48...57).contains(bytes[end]) { end += 1 }
    bytes.replaceSubrange(
      start..<end, with: Array((numbers.randomElement(using: &generator) ?? "").utf8))
  }
}
