import Foundation

/// A log that is still being written: a pipe (`dmesg -w |`), or a file that grows.
struct LiveInput {
  /// What was read, or that nothing comes for now.
  enum News {
    case bytes(ArraySlice<UInt8>)
    case silence
  }

  /// Milliseconds without a byte that count as silence: a kernel prints a whole oops in less.
  private static let patience: Int32 = 500

  private let path: String

  init(_ path: String) { self.path = path }

  /// Hands on what comes; returns when a pipe is closed, and never for a file.
  func each(_ body: (News) throws -> Void) throws {
    let descriptor = path == "-" ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY)
    guard descriptor >= 0 else {
      throw BadInput.file(path, .unreadable(errno))
    }
    defer { if path != "-" { close(descriptor) } }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT != S_IFDIR else {
      throw BadInput.file(path, .isFolder)
    }
    let grows = status.st_mode & S_IFMT == S_IFREG
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    var isSilent = true
    while true {
      if !isSilent, !grows, !Self.waits(descriptor) {
        isSilent = true
        try body(.silence)
      }
      let count = read(descriptor, &buffer, buffer.count)
      if count > 0 {
        isSilent = false
        try body(.bytes(buffer[..<count]))
      } else if count < 0 {
        guard errno == EINTR else {
          throw BadInput.file(path, .unreadable(errno))
        }
      } else {
        guard grows else { return }
        usleep(UInt32(Self.patience) * 1000)
        if try !isSilent && !Self.hasMore(descriptor) {
          isSilent = true
          try body(.silence)
        }
      }
    }
  }

  /// Whether something comes within the time that counts.
  private static func waits(_ descriptor: Int32) -> Bool {
    var wait = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return poll(&wait, 1, patience) != 0
  }

  /// Whether a file has grown; one that was cut, as logs are when they are turned over, is read from its start.
  private static func hasMore(_ descriptor: Int32) throws -> Bool {
    var status = stat()
    let place = lseek(descriptor, 0, SEEK_CUR)
    guard fstat(descriptor, &status) == 0, place >= 0 else { return false }
    if status.st_size < place { lseek(descriptor, 0, SEEK_SET) }
    return status.st_size != place
  }
}
