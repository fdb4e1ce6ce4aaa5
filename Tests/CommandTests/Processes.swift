import Foundation

/// The machine's processes, as the kernel tells them.
enum Processes {
  /// Whether a process runs whose first arguments are these.
  static func run(_ words: String...) throws -> Bool {
    let wanted = words.joined(separator: "\0") + "\0"
    return try FileManager.default.contentsOfDirectory(atPath: "/proc").contains { name in
      guard Int32(name) != nil,
        let line = FileManager.default.contents(atPath: "/proc/\(name)/cmdline")
      else { return false }
      return String(decoding: line, as: UTF8.self).hasPrefix(wanted)
    }
  }
}
