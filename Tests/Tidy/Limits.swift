public import Foundation

/// What rooms may still have more of than the rule says: the lines of one word in `.ci/limits`.
public struct Limits {
  private var rooms: [String: Int] = [:]

  /// The limits called `what`, of the package at `root`.
  public init(of what: String, of root: URL) throws {
    let text = try String(contentsOf: root.appending(path: ".ci/limits"), encoding: .utf8)
    for line in text.split(separator: "\n") {
      let words = line.split(separator: " ")
      guard words.count == 3, words[0] == what, let most = Int(words[2]) else { continue }
      rooms[String(words[1])] = most
    }
  }

  /// The limit of a room; nil when the rule holds for it.
  public subscript(room: String) -> Int? { rooms[room] }
}
