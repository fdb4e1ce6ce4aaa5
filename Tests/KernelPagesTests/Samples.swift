import Foundation
import JSON
import Support

@testable import KernelPages

/// Recorded pages and stacks of real kernels, beside these tests and packed.
enum Samples {
  /// Parts of the recorded files: Debian's 6.1.0-57-amd64 as shipped, the same with `slub_debug=FZPU`, the first with
  /// four free lists damaged.
  static let names = ["stock-part", "slub-debug-part", "damaged-part"]

  static func bytes(_ name: String) throws -> [UInt8] {
    let file = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "Data/\(name).json")
    return try Packed.content(named: file)
  }

  static func snapshot(_ name: String) throws -> KernelSnapshot {
    try SnapshotReader.read(try bytes(name))
  }

  /// The file as JSON, for what its own tables say.
  static func value(_ name: String) throws -> JSONValue { try JSONValue(parsing: try bytes(name)) }
}
