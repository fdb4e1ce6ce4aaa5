import Conformance
import Foundation
import JSON
import RawGadget
import Support
import USB

/// The packed recordings beside these tests.
enum Fixtures {
  static func unpacked(_ name: String) throws -> [UInt8] {
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(
      path: "Vectors/\(name)")
    return try Packed.content(named: file)
  }

  static func scenarios(_ name: String) throws -> [JSONValue] {
    try unpacked(name).split(separator: UInt8(ascii: "\n")).map { try JSONValue(parsing: $0) }
  }

  /// The lines of each USB monitor text by scenario, without addresses and times.
  static func usbmon() throws -> [String: [String]] {
    var texts: [String: [String]] = [:]
    var name = ""
    for line in String(decoding: try unpacked("usbmon.txt"), as: UTF8.self).split(separator: "\n") {
      if line.hasPrefix("== ") {
        name = String(line.dropFirst(3))
        texts[name] = []
      } else {
        texts[name]?.append(String(line))
      }
    }
    return texts
  }
}

/// A generator of numbers that depend on a seed alone (SplitMix64).
struct Seeded: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var value = state
    value = (value ^ value >> 30) &* 0xbf58_476d_1ce4_e5b9
    value = (value ^ value >> 27) &* 0x94d0_49bb_1331_11eb
    return value ^ value >> 31
  }
}
