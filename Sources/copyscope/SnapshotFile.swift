import Foundation
import JSON
import KernelPages
import Narration
import Text

/// Files with pieces of a real kernel's memory.
enum SnapshotFile {
  /// Reads a file, compressed or not.
  static func load(_ path: String) throws -> KernelSnapshot {
    var bytes: [UInt8] = []
    try PackedFile.chunks(of: path) { chunk in
      guard bytes.count + chunk.count <= SnapshotReader.sizeLimit else {
        throw BadInput.file(path, .tooLarge(SnapshotReader.sizeLimit))
      }
      bytes.append(contentsOf: chunk)
    }
    do throws(SnapshotError) { return try SnapshotReader.read(bytes) } catch {
      throw BadInput.file(path, .snapshot(error, line: line(of: error, in: bytes)))
    }
  }

  /// The line an error stands on, where that is known.
  private static func line(of error: SnapshotError, in bytes: [UInt8]) -> Int? {
    guard case .json(let problem) = error.reason else { return nil }
    return bytes.prefix(problem.offset).count { $0 == UInt8(ascii: "\n") } + 1
  }

  /// Whether a file is one by its first bytes; others, and what cannot be read, are not.
  static func isOne(_ path: String) -> Bool {
    guard path != "-", InputFile.type(of: path) == .typeRegular else { return false }
    var start: [UInt8] = []
    struct Enough: Error {}
    try? PackedFile.chunks(of: path) { chunk in
      start += chunk.prefix(4096)
      throw Enough()
    }
    return SnapshotReader.looksLikeOne(start)
  }
}
