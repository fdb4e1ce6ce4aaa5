import Foundation
import Inspector

/// The lecturer's side: tells followers where the inspector is. Nothing is read from them, and nobody
/// who is slow or gone is waited for.
final class Sharing {
  /// More than this many are sent away.
  static let mostFollowers = 8

  /// The name followers ask for.
  let name = String(getpid())
  private let path: String
  private let listener: LocalSocket
  private var followers: [Follower] = []
  private var last: SharedPosition?
  private var line: [UInt8] = []

  private final class Follower {
    let socket: LocalSocket
    init(_ socket: consuming LocalSocket) { self.socket = socket }
  }

  /// Opens the socket. It gets its name when it can be connected to, so that nobody takes it for a
  /// stale one.
  init() throws {
    let folder = try ShareFolder.made()
    ShareFolder.sockets(in: folder).forEach(FollowedSession.removeIfStale)
    path = "\(folder)/\(name)\(ShareFolder.ending)"
    listener = try LocalSocket()
    let unready = "\(folder)/\(name).new"
    unlink(unready)
    try listener.bind(to: unready)
    guard listen(listener.descriptor, Int32(Self.mostFollowers)) == 0,
      rename(unready, path) == 0
    else {
      let problem = errno
      unlink(unready)
      throw BadInput("\(FileName.shown(path)): cannot be made: \(SystemError.words(problem))")
    }
  }

  deinit { unlink(path) }

  /// What the inspector has to wait for.
  var descriptor: Int32 { listener.descriptor }

  /// Lets in who has connected.
  func welcome() {
    for _ in 0..<Self.mostFollowers {
      guard let socket = listener.accepted() else { return }
      followers.removeAll { $0.socket.waits(for: 0, milliseconds: 0) & (POLLHUP | POLLERR) != 0 }
      guard followers.count < Self.mostFollowers else {
        _ = socket.send(FollowLine.full(Self.mostFollowers))
        continue
      }
      shutdown(socket.descriptor, Int32(SHUT_RD))
      if line.isEmpty || socket.send(line) { followers.append(Follower(socket)) }
    }
  }

  /// Tells followers where the inspector is, if that has changed.
  func tell(_ place: SharedPosition) {
    guard place != last else { return }
    last = place
    line = FollowLine.bytes(place)
    followers.removeAll { !$0.socket.send(line) }
  }
}
