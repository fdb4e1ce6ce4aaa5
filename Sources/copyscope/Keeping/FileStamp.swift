import Foundation

/// A file as it was when it was read or written: another one, or another content, has another stamp.
struct FileStamp: Hashable {
  /// Which file it is.
  private let device: dev_t
  private let inode: ino_t
  private let size: off_t
  /// When its bytes were changed last, and when anything of it was: seconds and nanoseconds.
  private let changed: [Int]
  private let touched: [Int]

  /// The stamp of a file, behind all symbolic links; nil where there is none.
  init?(_ path: String) {
    var status = stat()
    guard stat(FileName.bytes(path), &status) == 0 else { return nil }
    self.init(status)
  }

  init(_ status: stat) {
    (device, inode, size) = (status.st_dev, status.st_ino, status.st_size)
    changed = [status.st_mtim.tv_sec, status.st_mtim.tv_nsec]
    touched = [status.st_ctim.tv_sec, status.st_ctim.tv_nsec]
  }

  /// Whether it is the same file with the same bytes, whatever it is called.
  func hasBytes(of other: FileStamp) -> Bool {
    (device, inode, size, changed) == (other.device, other.inode, other.size, other.changed)
  }
}
