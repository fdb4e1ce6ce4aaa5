import Conformance
import Foundation
import JSON

/// Recorded vectors as they lie beside these tests, packed.
enum PackedVectors {
  struct Unreadable: Error { var file: String }

  /// The lines of `Vectors/NAME.jsonl.gz`.
  static func lines(_ name: String) throws -> [ArraySlice<UInt8>] {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("Vectors/\(name).jsonl.gz")
    let gzip = Process()
    gzip.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    gzip.arguments = ["gzip", "-dc", file.path]
    let pipe = Pipe()
    gzip.standardOutput = pipe
    try gzip.run()
    let bytes = [UInt8](pipe.fileHandleForReading.readDataToEndOfFile())
    gzip.waitUntilExit()
    guard gzip.terminationStatus == 0 else { throw Unreadable(file: file.path) }
    return bytes.split(separator: UInt8(ascii: "\n"))
  }

  static func values(_ name: String) throws -> [JSONValue] {
    try lines(name).map { try JSONValue(parsing: $0) }
  }
}
