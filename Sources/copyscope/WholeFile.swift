import CSystem
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
    self.path = try Self.followed(FileName.bytes(path))
    var status = stat()
    old = lstat(self.path, &status) == 0 ? status : nil
    if let old, old.st_mode & S_IFMT != S_IFREG { throw .notRegular }
  }

  /// Whether nothing has that name yet.
  var isNew: Bool { old == nil }

  /// The file as it is now; nil for a new one.
  var stamp: FileStamp? { old.map(FileStamp.init) }

  /// Whether its owner meant it to stay as it is, or it is none of this user's to write.
  var isReadOnly: Bool {
    guard let old else { return false }
    return old.st_mode & 0o222 == 0 || access(path, W_OK) != 0
  }

  /// Why a file was not written.
  enum Problem: Error {
    case system(Int32)
    /// A pipe, a device or a folder: it would be replaced, not written to.
    case notRegular
    /// A new file's name was taken by somebody else meanwhile.
    case taken
    /// Somebody else wrote it.
    case changed

    var words: String {
      switch self {
      case .system(let number): "cannot be written: \(SystemError.words(number))"
      case .notRegular: "is no regular file; choose another name"
      case .taken:
        "was made by somebody else meanwhile and is not written over; choose another name"
      case .changed: "was changed by somebody else meanwhile and is not written over"
      }
    }
  }

  /// Writes the file.
  ///
  /// - Parameter known: what may be written over where something has the name; nil for anything.
  /// - Returns: the file as it is now.
  @discardableResult
  func write(_ bytes: [UInt8], over known: Set<FileStamp>? = nil) throws(Problem) -> FileStamp {
    let (descriptor, place) = try opened()
    defer { close(descriptor) }
    var number = Output.send(bytes, to: descriptor)
    if number == 0, let old {
      // Another's file stays another's where that is allowed.
      if old.st_uid != geteuid() || old.st_gid != getegid() {
        _ = fchown(descriptor, old.st_uid, old.st_gid)
      }
      if fchmod(descriptor, old.st_mode & 0o777) != 0 { number = errno }
    }
    if number == 0, fsync(descriptor) != 0, errno != EINVAL { number = errno }
    do throws(Problem) {
      guard number == 0 else { throw .system(number) }
      try name(place, known)
    } catch {
      unlink(place)
      throw error
    }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw .system(errno) }
    return FileStamp(status)
  }

  /// Gives the written file its name. A name that was free is only taken if it still is.
  private func name(_ place: [CChar], _ known: Set<FileStamp>?) throws(Problem) {
    let number: Int32
    if old == nil {
      number = takeFree(place)
      if number == EEXIST { throw .taken }
    } else if let known {
      number = try exchange(place, known)
    } else {
      number = rename(place, path) == 0 ? 0 : errno
    }
    guard number == 0 else { throw .system(number) }
  }

  /// Takes a name that nobody has.
  private func takeFree(_ place: [CChar]) -> Int32 {
    let number = cs_rename_new(place, path)
    guard number == EINVAL || number == ENOSYS else { return number }
    // A file system that cannot do it in one go: an empty file holds the name meanwhile.
    let flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
    let holder = open(path, flags, 0o600)
    guard holder >= 0 else { return errno }
    close(holder)
    guard rename(place, path) != 0 else { return 0 }
    let problem = errno
    unlink(path)
    return problem
  }

  /// Takes the place of a file that is known; one that has become another meanwhile is put back.
  private func exchange(_ place: [CChar], _ known: Set<FileStamp>) throws(Problem) -> Int32 {
    let number = cs_exchange(place, path)
    guard number != EINVAL, number != ENOSYS else {
      var status = stat()
      guard lstat(path, &status) == 0, known.contains(FileStamp(status)) else { throw .changed }
      return rename(place, path) == 0 ? 0 : errno
    }
    guard number == 0 else { return number }
    var status = stat()
    guard lstat(place, &status) == 0, known.contains(where: { $0.hasBytes(of: FileStamp(status)) })
    else {
      _ = cs_exchange(place, path)
      throw .changed
    }
    unlink(place)
    return 0
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
