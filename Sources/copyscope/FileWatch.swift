import Foundation

/// Waits for a file to be saved. Editors write in place or put a new file in the old one's place;
/// both change what is compared here.
struct FileWatch {
  /// How often the file is looked at, microseconds.
  private static let interval: UInt32 = 250_000

  private struct Stamp: Equatable {
    var inode: UInt
    var size: Int
    var seconds: Int
    var nanoseconds: Int
  }

  private let path: String

  init(_ path: String) { self.path = path }

  /// Does `body` now and after each save, until it throws or a signal ends the program.
  func run(_ body: () throws -> Void) throws {
    var last = stamp
    try body()
    while true {
      usleep(Self.interval)
      guard let now = stamp, now != last else { continue }
      last = now
      try Output.line("\n\(FileName.shown(path)) was saved:\n")
      try body()
    }
  }

  /// Nil while the file is being replaced.
  private var stamp: Stamp? {
    var information = stat()
    guard stat(path, &information) == 0 else { return nil }
    return Stamp(
      inode: UInt(information.st_ino), size: Int(information.st_size),
      seconds: information.st_mtim.tv_sec, nanoseconds: information.st_mtim.tv_nsec)
  }
}
