import Conformance
import Foundation
import JSON
import Support

/// Recorded vectors as they lie beside these tests, packed.
enum PackedVectors {
  /// The lines of `Vectors/NAME.jsonl`.
  static func lines(_ name: String) throws -> [ArraySlice<UInt8>] {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("Vectors/\(name).jsonl")
    return try Packed.content(named: file).split(separator: UInt8(ascii: "\n"))
  }

  static func values(_ name: String) throws -> [JSONValue] {
    try lines(name).map { try JSONValue(parsing: $0) }
  }
}
