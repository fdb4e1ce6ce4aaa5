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
        throw BadInput(
          "\(FileName.shown(path)): larger than \(SnapshotReader.sizeLimit >> 20) MiB; write fewer slabs into it"
        )
      }
      bytes.append(contentsOf: chunk)
    }
    do throws(SnapshotError) { return try SnapshotReader.read(bytes) } catch {
      throw BadInput(
        "\(FileName.shown(path))\(place(of: error, in: bytes)): \(SnapshotWords.line(error)); "
          + "'copyscope kernel --script' prints the script that writes such files")
    }
  }

  /// The line an error stands on, where that is known: `:12`.
  private static func place(of error: SnapshotError, in bytes: [UInt8]) -> String {
    guard case .json(let problem) = error.reason else { return "" }
    let line = bytes.prefix(problem.offset).count { $0 == UInt8(ascii: "\n") } + 1
    return ":\(line)"
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
