import Foundation

/// One end of a local socket, made by a test that does not play by the rules.
final class LocalPeer {
  struct Failed: Error {
    var call: String
    var number: Int32
  }

  private let descriptor: Int32
  private var others: [Int32] = []

  /// Listens at a path, as an inspector that is shared does.
  init(listeningAt path: String) throws {
    descriptor = try Self.socket(path, "bind") { bind($0, $1, $2) }
    guard listen(descriptor, 4) == 0 else { throw Failed(call: "listen", number: errno) }
  }

  /// Connects to a path, as a follower does.
  init(connectedTo path: String) throws {
    descriptor = try Self.socket(path, "connect") { connect($0, $1, $2) }
  }

  deinit { for other in others + [descriptor] { close(other) } }

  /// Answers whoever connects, one after the other, and hangs up.
  func serve(_ bytes: [UInt8], times: Int = 1) {
    let listener = descriptor
    Thread.detachNewThread {
      for _ in 0..<times {
        let other = accept(listener, nil, nil)
        guard other >= 0 else { return }
        var done = 0
        while done < bytes.count {
          let count = bytes[done...].withUnsafeBytes {
            Foundation.send(other, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
          }
          guard count > 0 else { break }
          done += count
        }
        close(other)
      }
    }
  }

  /// Sends bytes; false when the other side takes none.
  func send(_ bytes: [UInt8]) -> Bool {
    Foundation.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count
  }

  /// Everything that has come, and whether the other side has hung up.
  func received() -> (bytes: [UInt8], isEnd: Bool) {
    var all: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65536)
    while true {
      let count = recv(descriptor, &buffer, buffer.count, Int32(MSG_DONTWAIT))
      guard count > 0 else { return (all, count == 0) }
      all += buffer[..<count]
    }
  }

  private static func socket(
    _ path: String, _ call: String,
    _ body: (Int32, UnsafePointer<sockaddr>, socklen_t) -> Int32
  ) throws -> Int32 {
    let descriptor = Foundation.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
    let result = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        body(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    guard result == 0 else {
      let number = errno
      close(descriptor)
      throw Failed(call: call, number: number)
    }
    return descriptor
  }
}
