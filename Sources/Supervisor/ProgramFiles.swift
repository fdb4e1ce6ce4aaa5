import CSupervisor
import Glibc

/// The open files of a program on the device: pipes whose other end hangs up when the program has closed
/// the file everywhere.
struct ProgramFiles {
  private final class OpenFile {
    let name: String
    let end: Int32
    let device: UInt64
    let inode: UInt64

    init(name: String, end: Int32, status: stat) {
      self.name = name
      self.end = end
      device = UInt64(status.st_dev)
      inode = UInt64(status.st_ino)
    }

    deinit { close(end) }
  }

  private var files: [OpenFile] = []
  private var opened = 0

  /// Descriptors that hang up when a file is closed.
  var ends: [Int32] { files.map(\.end) }

  var isEmpty: Bool { files.isEmpty }

  /// What the next file will be called.
  var nextName: String { Self.name(opened + 1) }

  private static func name(_ number: Int) -> String { number <= 1 ? "dev" : "dev\(number)" }

  /// A new file: the end the program gets. Nil when this process has no descriptors left.
  mutating func open() -> Int32? {
    var ends: [Int32] = [0, 0]
    if pipe(&ends) != 0 {
      // The program's many files are many here too; it keeps its own limit.
      guard errno == EMFILE, cs_raise_limit() == 0, pipe(&ends) == 0 else { return nil }
    }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    var status = stat()
    fstat(ends[0], &status)
    files.append(OpenFile(name: nextName, end: ends[0], status: status))
    opened += 1
    return ends[1]
  }

  /// The file behind a descriptor of a thread, duplicated or inherited as it may be.
  func name(of descriptor: Int32, in thread: Int32) -> String? {
    var status = stat()
    guard !files.isEmpty, stat("/proc/\(thread)/fd/\(descriptor)", &status) == 0 else { return nil }
    return files.first {
      $0.inode == UInt64(status.st_ino) && $0.device == UInt64(status.st_dev)
    }?.name
  }

  /// Takes out the file whose end has hung up; its name.
  mutating func remove(end: Int32) -> String? {
    guard let index = files.firstIndex(where: { $0.end == end }) else { return nil }
    return files.remove(at: index).name
  }
}
