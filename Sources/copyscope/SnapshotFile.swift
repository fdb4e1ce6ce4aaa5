import Foundation
import KernelPages
import Narration
import Text

/// Files with pieces of a real kernel's memory.
enum SnapshotFile {
  /// Reads a file, compressed or not.
  static func load(_ path: String) throws -> KernelSnapshot {
    var assembly = SnapshotAssembly()
    var count = 0
    do {
      try PackedFile.chunks(of: path) { chunk in
        count += chunk.count
        guard count <= SnapshotReader.sizeLimit else {
          throw BadInput.file(path, .tooLarge(SnapshotReader.sizeLimit))
        }
        try assembly.take(chunk)
      }
      return try assembly.finish()
    } catch let error as SnapshotError {
      throw BadInput.file(path, .snapshot(error))
    }
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
