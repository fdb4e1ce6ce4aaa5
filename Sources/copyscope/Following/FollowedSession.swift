import Foundation
import Inspector
import Text

/// The follower's side: an inspector that shares where it is.
struct FollowedSession: ~Copyable {
  /// What the inspector is called: its process number.
  let name: String
  private let socket: LocalSocket
  private var rest: [UInt8] = []

  /// The session of that name, else the newest.
  static func opened(named wanted: String?) throws -> FollowedSession {
    guard let folder = try ShareFolder.existing() else { throw BadInput.session(.noneShared) }
    var silent: String?
    for path in ShareFolder.sockets(in: folder) {
      let name = name(of: path)
      if let wanted, wanted != name { continue }
      let socket = try LocalSocket()
      switch try socket.connect(to: path) {
      case 0: return FollowedSession(name, socket)
      case ECONNREFUSED: unlink(path)
      // Somebody stopped the inspector, and too many have knocked since.
      case EAGAIN: silent = silent ?? name
      case let problem: throw BadInput.file(path, .system(problem))
      }
    }
    if let silent {
      throw BadInput.session(.silent(silent))
    }
    guard let wanted else { throw BadInput.session(.noneShared) }
    throw BadInput.option("session", .noSession(wanted))
  }

  private init(_ name: String, _ socket: consuming LocalSocket) {
    self.name = name
    self.socket = socket
  }

  /// The names of all sessions, the newest first.
  static func names() throws -> [String] {
    guard let folder = try ShareFolder.existing() else { return [] }
    let paths = ShareFolder.sockets(in: folder)
    paths.forEach(removeIfStale)
    return ShareFolder.sockets(in: folder).map(name)
  }

  private static func name(of path: String) -> String {
    String(path.split(separator: "/").last?.dropLast(ShareFolder.ending.count) ?? "")
  }

  /// Takes away the socket of an inspector that was killed: nobody listens there.
  static func removeIfStale(_ path: String) {
    guard let socket = try? LocalSocket(), let problem = try? socket.connect(to: path) else {
      return
    }
    if problem == ECONNREFUSED { unlink(path) }
  }

  var descriptor: Int32 { socket.descriptor }

  /// What has become of the inspector.
  enum News {
    case places([SharedPosition])
    /// The inspector was closed.
    case end
  }

  /// What has come since the last call, without waiting.
  mutating func news() throws -> News {
    var buffer = [UInt8](repeating: 0, count: 16 << 10)
    let count = read(descriptor, &buffer, buffer.count)
    if count < 0 {
      guard errno == EAGAIN || errno == EINTR else { return .end }
      return .places([])
    }
    guard count > 0 else { return .end }
    rest += buffer[..<count]
    var places: [SharedPosition] = []
    while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
      places.append(try FollowLine.place(rest[..<end]))
      rest.removeSubrange(...end)
    }
    guard rest.count <= FollowLine.lineLimit else {
      throw BadInput.session(.longLine)
    }
    return .places(places)
  }

  /// Waits for news.
  func wait(milliseconds: Int32 = -1) -> Bool {
    socket.waits(for: POLLIN, milliseconds: milliseconds) != 0
  }
}
