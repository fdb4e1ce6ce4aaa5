import CSupervisor
import Glibc
import RawGadget
import Simulation

/// The files a machine with raw-gadget has and this one may not: `/dev/raw-gadget`, and its controllers in
/// `/sys/class/udc`. A program may name them as it likes: through `..`, links, folders it stands in.
struct DeviceNames {
  enum Named: Equatable {
    case device
    case controllers
    case controller(String)
    /// A file in a controller's folder.
    case attribute(String, of: String)
  }

  private var trouble: Trouble?
  private let devices: FileIdentity?

  /// What one folder is, by whatever name.
  private struct FileIdentity: Equatable {
    var device: UInt64
    var inode: UInt64

    init?(_ path: String) {
      var status = stat()
      guard stat(path, &status) == 0 else { return nil }
      device = UInt64(status.st_dev)
      inode = UInt64(status.st_ino)
    }
  }

  init() { devices = FileIdentity("/dev") }

  /// What went wrong with the last name; given once.
  mutating func takeTrouble() -> Trouble? {
    defer { trouble = nil }
    return trouble
  }

  /// What a call names, if it is one of ours.
  mutating func named(by call: cs_call) -> Named? {
    guard let path = path(call) else { return nil }
    return named(path, from: Self.start(call, path), follows: call.stays == 0, depth: 0)
  }

  /// Where a path begins: in the caller's root, its folder, or one it has open.
  private static func start(_ call: cs_call, _ path: String) -> String {
    let process = "/proc/\(call.thread)"
    if path.hasPrefix("/") { return process + "/root" }
    return call.descriptor == AT_FDCWD ? process + "/cwd/" : process + "/fd/\(call.descriptor)/"
  }

  private func named(_ path: String, from start: String, follows: Bool, depth: Int) -> Named? {
    if let named = direct(path, from: start) { return named }
    guard follows, depth < 8, let target = Self.link(start + path) else { return nil }
    if target.hasPrefix("/") {
      return named(target, from: Self.root(of: start), follows: true, depth: depth + 1)
    }
    let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
    return named(folder + target, from: start, follows: true, depth: depth + 1)
  }

  private static func root(of start: String) -> String {
    start.split(separator: "/").prefix(2).reduce("") { $0 + "/" + $1 } + "/root"
  }

  private static func link(_ path: String) -> String? {
    var bytes = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = readlink(path, &bytes, bytes.count)
    guard count > 0 else { return nil }
    return String(decoding: bytes[..<count].map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  private func direct(_ path: String, from start: String) -> Named? {
    if path == "/dev/raw-gadget" { return .device }
    if path.hasSuffix("raw-gadget") {
      let folder = path.dropLast("raw-gadget".count)
      guard folder.isEmpty || folder.hasSuffix("/") else { return nil }
      return FileIdentity(start + folder) == devices ? .device : nil
    }
    return path.contains("udc") ? controller(path, from: start) : nil
  }

  /// A name below `/sys/class/udc`, which need not be there.
  private func controller(_ path: String, from start: String) -> Named? {
    var place = path
    if !path.hasPrefix("/") {
      guard let folder = Self.link(String(start.dropLast())) else { return nil }
      place = folder + "/" + path
    }
    var parts: [Substring] = []
    for part in place.split(separator: "/") where part != "." {
      if part == ".." { _ = parts.popLast() } else { parts.append(part) }
    }
    guard parts.starts(with: ["sys", "class", "udc"]) else { return nil }
    switch parts.count {
    case 3: return .controllers
    case 4: return .controller(String(parts[3]))
    case 5: return .attribute(String(parts[4]), of: String(parts[3]))
    default: return nil
    }
  }

  private mutating func path(_ call: cs_call) -> String? {
    var bytes = Self.read(call, 128)
    if !bytes.contains(0) { bytes = Self.read(call, Int(PATH_MAX)) }
    guard let end = bytes.firstIndex(of: 0) else {
      // An unmapped path is the program's own mistake; memory that nobody may read is not.
      var byte: UInt8 = 0
      if bytes.isEmpty, cs_read(call.thread, call.path, &byte, 1) == 0, errno == EPERM {
        trouble = .unreadable(EPERM)
      }
      return nil
    }
    return String(decoding: bytes[..<end], as: UTF8.self)
  }

  private static func read(_ call: cs_call, _ count: Int) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: count) { buffer, done in
      done = cs_read(call.thread, call.path, buffer.baseAddress, count)
    }
  }

  /// Why `open(2)` itself refuses these flags for a character device that is there.
  static func refusal(of flags: Int32) -> Int32? {
    if flags & O_DIRECTORY != 0 { return ENOTDIR }
    let both = O_CREAT | O_EXCL
    if flags & both == both, flags & Int32(CS_PATH_ONLY) == 0 { return EEXIST }
    return nil
  }
}
