import Foundation

/// A socket of this machine alone, closed when nobody holds it any more.
struct LocalSocket: ~Copyable {
  let descriptor: Int32

  /// Takes over an open descriptor.
  init(taking descriptor: Int32) {
    self.descriptor = descriptor
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
  }

  /// A new socket; never waits.
  init() throws {
    let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    guard descriptor >= 0 else { throw BadInput.session(.noSocket(errno)) }
    self.init(taking: descriptor)
  }

  deinit { close(descriptor) }

  /// Gives the socket a name that only the owner may connect to.
  func bind(to path: String) throws {
    let before = umask(0o177)
    defer { umask(before) }
    let problem = try Self.withAddress(path) { address, size in
      Foundation.bind(descriptor, address, size) == 0 ? 0 : errno
    }
    guard problem == 0 else {
      throw BadInput.file(path, .unmakeable(problem))
    }
  }

  /// Connects: the error number, or 0.
  func connect(to path: String) throws -> Int32 {
    try Self.withAddress(path) { address, size in
      Foundation.connect(descriptor, address, size) == 0 ? 0 : errno
    }
  }

  /// Whether what the events tell of comes within the time.
  func waits(for events: Int32, milliseconds: Int32) -> Int32 {
    var wait = pollfd(fd: descriptor, events: Int16(events), revents: 0)
    return poll(&wait, 1, milliseconds) > 0 ? Int32(wait.revents) : 0
  }

  /// The next one who has connected, if anybody has.
  func accepted() -> LocalSocket? {
    let other = accept(descriptor, nil, nil)
    return other >= 0 ? LocalSocket(taking: other) : nil
  }

  /// Sends all of it now or not at all: false for a reader that is gone or too slow.
  func send(_ bytes: [UInt8]) -> Bool {
    let flags = Int32(MSG_NOSIGNAL | MSG_DONTWAIT)
    return Foundation.send(descriptor, bytes, bytes.count, flags) == bytes.count
  }

  private static func withAddress<Result>(
    _ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
  ) throws -> Result {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let bytes = Array(path.utf8)
    guard bytes.count < MemoryLayout.size(ofValue: address.sun_path), !bytes.contains(0) else {
      throw BadInput.file(path, .longForSocket)
    }
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
    return withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
  }
}
