import Inspector
import JSON
import Text

/// One line of JSON for each change: what goes over the socket.
enum FollowLine {
  static let version = 1
  /// Longest text of a field, in scalars, and longest line, in bytes: twelve a scalar at worst.
  static let fieldLimit = 1_000
  static let lineLimit = 160 << 10

  private typealias Texts = WritableKeyPath<SharedPosition, String>

  private static var texts: [(key: String, path: Texts)] {
    [
      ("lesson", \.lesson), ("title", \.title), ("era", \.era), ("action", \.action),
      ("verdict", \.verdict), ("say", \.say), ("notes", \.notes), ("next", \.next),
      ("next-notes", \.nextNotes), ("ask", \.ask), ("hints", \.hints),
    ]
  }

  /// The line, with its end.
  static func bytes(_ place: SharedPosition) -> [UInt8] { Array((json(place).text + "\n").utf8) }

  /// What one is told who comes when that many follow.
  static func full(_ count: Int) -> [UInt8] {
    let json = JSONValue([
      ("copyscope", .unsigned(UInt64(version))), ("full", .unsigned(UInt64(clamping: count))),
    ])
    return Array((json.text + "\n").utf8)
  }

  static func json(_ place: SharedPosition) -> JSONValue {
    let number = place.number.map { JSONValue.unsigned(UInt64(clamping: $0)) } ?? .null
    return .object(
      JSONObject(
        [
          ("copyscope", .unsigned(UInt64(version))), ("number", number),
          ("step", .unsigned(UInt64(clamping: place.step))),
          ("count", .unsigned(UInt64(clamping: place.count))),
          ("activity", .string(place.activity.rawValue)),
        ] + texts.map { ($0.key, .string(cut(place[keyPath: $0.path]))) }))
  }

  /// Reads a line that anybody may have written: what is too long is cut, what is missing is empty, and
  /// what a terminal would obey is made visible.
  static func place(_ bytes: some Collection<UInt8>) throws -> SharedPosition {
    guard let json = try? JSONValue(parsing: bytes), let said = json["copyscope"]?.int else {
      throw BadInput.session(.notOurs)
    }
    guard said == version else {
      throw BadInput.session(.otherVersion(said, own: version))
    }
    if let count = json["full"]?.int {
      throw BadInput.session(.full(count))
    }
    var place = SharedPosition()
    place.number = json["number"]?.int.flatMap { $0 > 0 ? $0 : nil }
    place.step = max(0, json["step"]?.int ?? 0)
    place.count = max(0, json["count"]?.int ?? 0)
    place.activity = json["activity"]?.string.flatMap(SharedPosition.Activity.init) ?? .step
    for text in texts { place[keyPath: text.path] = clean(json[text.key]?.string ?? "") }
    return place
  }

  private static func clean(_ text: String) -> String {
    cut(text).split(separator: "\n", omittingEmptySubsequences: false)
      .map { Printable.text(String($0)) }.joined(separator: "\n")
  }

  private static func cut(_ text: String) -> String {
    guard text.unicodeScalars.count > fieldLimit else { return text }
    return String(text.unicodeScalars.prefix(fieldLimit)) + "…"
  }
}
