import Foundation

/// The folder that shared inspectors' sockets lie in: the user's own, closed to everybody else.
enum ShareFolder {
  /// What the names of sockets end with; before it stands the inspector's process number.
  static let ending = ".sock"

  /// `copyscope` in the folder of the user's session, else one of the user's in the one for
  /// temporary files.
  static var path: String {
    let environment = ProcessInfo.processInfo.environment
    if let base = environment["XDG_RUNTIME_DIR"], base.hasPrefix("/") { return base + "/copyscope" }
    let base = environment["TMPDIR"].flatMap { $0.hasPrefix("/") ? $0 : nil } ?? "/tmp"
    return "\(base)/copyscope-\(geteuid())"
  }

  /// The folder, made if it is not there yet.
  static func made() throws -> String {
    let path = path
    if mkdir(path, 0o700) != 0, errno != EEXIST {
      throw BadInput.file(path, .unmakeable(errno))
    }
    try check(path)
    return path
  }

  /// The folder; nil while there is none.
  static func existing() throws -> String? {
    let path = path
    var information = stat()
    guard lstat(path, &information) == 0 || errno != ENOENT else { return nil }
    try check(path)
    return path
  }

  /// Socket files, the newest first.
  static func sockets(in folder: String) -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    let found = names.compactMap { name -> (path: String, made: timespec)? in
      let path = folder + "/" + name
      var information = stat()
      guard name.hasSuffix(ending), lstat(path, &information) == 0,
        information.st_mode & S_IFMT == S_IFSOCK, information.st_uid == geteuid()
      else { return nil }
      return (path, information.st_mtim)
    }
    return found.sorted {
      ($1.made.tv_sec, $1.made.tv_nsec, $1.path) < ($0.made.tv_sec, $0.made.tv_nsec, $0.path)
    }.map(\.path)
  }

  /// Nobody else may put anything into the folder, or another folder into its place.
  private static func check(_ path: String) throws {
    var own = stat()
    guard lstat(path, &own) == 0 else {
      throw BadInput.file(path, .unreadable(errno))
    }
    guard own.st_mode & S_IFMT == S_IFDIR, own.st_uid == geteuid(), own.st_mode & 0o077 == 0
    else {
      throw BadInput.file(path, .notPrivate)
    }
    let above = URL(fileURLWithPath: path).deletingLastPathComponent().path
    var parent = stat()
    guard stat(above, &parent) == 0, parent.st_uid == geteuid() || parent.st_uid == 0,
      parent.st_mode & 0o022 == 0 || parent.st_mode & S_ISVTX != 0
    else {
      throw BadInput.file(above, .replaceable(path))
    }
  }
}
