import Foundation

/// Files replaced whole or not at all.
///
/// The bytes go to a new file beside the old one, which then takes its name. A symbolic link stays one: what
/// it points at is replaced. Owner and permissions stay as they were.
struct WholeFile {
  /// The file that is really written, behind all symbolic links: the bytes of its name, which may be no
  /// UTF-8, and a 0.
  private let path: [CChar]
  /// What is there now; nil for a new file.
  private let old: stat?

  /// - Throws: the error number of what is wrong with the path.
  init(_ path: String) throws(Problem) {
    self.path = try Self.followed(Array(path.utf8CString))
    var status = stat()
    old = lstat(self.path, &status) == 0 ? status : nil
    if let old, old.st_mode & S_IFMT != S_IFREG { throw .notRegular }
  }

  /// Why a file was not written.
  enum Problem: Error {
    case system(Int32)
    /// A pipe, a device or a folder: it would be replaced, not written to.
    case notRegular
    /// A new file's name was taken by somebody else meanwhile.
    case taken

    var words: String {
      switch self {
      case .system(let number): "cannot be written: \(SystemError.words(number))"
      case .notRegular: "is no regular file; choose another name"
      case .taken:
        "was made by somebody else meanwhile and is not written over; choose another name"
      }
    }
  }

  func write(_ bytes: [UInt8]) throws(Problem) {
    let (descriptor, place) = try opened()
    var number = Output.send(bytes, to: descriptor)
    if number == 0, let old {
      // Another's file stays another's where that is allowed.
      if old.st_uid != geteuid() || old.st_gid != getegid() {
        _ = fchown(descriptor, old.st_uid, old.st_gid)
      }
      if fchmod(descriptor, old.st_mode & 0o777) != 0 { number = errno }
    }
    if number == 0, fsync(descriptor) != 0, errno != EINVAL { number = errno }
    if close(descriptor) != 0, number == 0 { number = errno }
    if number == 0 { number = named(place) }
    guard number != 0 else { return }
    unlink(place)
    throw old == nil && number == EEXIST ? .taken : .system(number)
  }

  /// Gives the written file its name: the error number, or 0. A name that was free is only taken if it still is.
  private func named(_ place: [CChar]) -> Int32 {
    if old == nil {
      if link(place, path) == 0 {
        unlink(place)
        return 0
      }
      // A file system without hard links.
      guard [EPERM, ENOTSUP, EOPNOTSUPP, EMLINK, ENOSYS].contains(errno) else { return errno }
    }
    return rename(place, path) == 0 ? 0 : errno
  }

  /// A new file in the same folder.
  private func opened() throws(Problem) -> (descriptor: Int32, path: [CChar]) {
    let folder = Self.folder(of: path)
    let mode: mode_t = old == nil ? 0o666 : 0o600
    for _ in 0..<100 {
      let name = ".copyscope-\(String(UInt64.random(in: 0 ... .max), radix: 36))"
      let place = folder + Array(name.utf8CString)
      let flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
      let descriptor = open(place, flags, mode)
      if descriptor >= 0 { return (descriptor, place) }
      guard errno == EEXIST else { throw .system(errno) }
    }
    throw .system(EEXIST)
  }

  /// The part of a path up to its last slash.
  private static func folder(of path: [CChar]) -> [CChar] {
    path.lastIndex(of: slash).map { Array(path[...$0]) } ?? []
  }

  private static let slash = CChar(UInt8(ascii: "/"))

  private static func followed(_ path: [CChar]) throws(Problem) -> [CChar] {
    guard path.count > 1 else { throw .system(ENOENT) }
    guard path.dropLast().last != slash else { throw .system(EISDIR) }
    var path = path
    for _ in 0..<40 {
      var bytes = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
      let count = readlink(path, &bytes, Int(PATH_MAX))
      // EINVAL: no link; ENOENT: a new file.
      guard count >= 0 else { return path }
      let target = bytes[..<count] + [0]
      path = target.first == slash ? Array(target) : folder(of: path) + target
    }
    throw .system(ELOOP)
  }
}
