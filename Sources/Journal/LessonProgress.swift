public import JSON

/// What was done of a lesson, from one sitting to the next.
public struct LessonProgress: Sendable, Equatable {
  /// Steps gone to, the furthest.
  public var seen = 0
  /// Numbers of the exercises solved, from 1.
  public var solved: Set<Int> = []
  /// Questions answered while predicting, and how many of them right: the best time.
  public var predicted = 0
  /// How many of the questions were answered right.
  public var right = 0
  /// Bookmarked positions.
  public var bookmarks: Set<Int> = []
  /// Notes of one's own, by the position they were made at.
  public var notes: [Int: String] = [:]

  /// Nothing done.
  public init() {}

  /// Longest note, bytes.
  public static let longestNote = 2_000
  /// Most notes and bookmarks of a lesson.
  public static let most = 200

  /// Takes a score that is better than the one kept: more answers right, or as many of more questions. A share would
  /// let one right answer at the start stand for the whole lesson.
  public mutating func noteScore(right: Int, of all: Int) {
    guard (right, all) > (self.right, predicted) else { return }
    (self.right, predicted) = (right, all)
  }

  /// With what was done elsewhere: the furthest, all that was solved, the best score. Bookmarks and notes are
  /// those written last.
  func joined(_ later: LessonProgress) -> LessonProgress {
    var joined = later
    joined.seen = max(seen, later.seen)
    joined.solved.formUnion(solved)
    joined.noteScore(right: right, of: predicted)
    return joined
  }

  /// The members of its line.
  public var members: [(key: String, value: JSONValue)] {
    var members: [(key: String, value: JSONValue)] = [("seen", .init(seen))]
    if !solved.isEmpty { members.append(("solved", Self.list(solved))) }
    if predicted > 0 {
      members += [("predicted", .init(predicted)), ("right", .init(right))]
    }
    if !bookmarks.isEmpty { members.append(("bookmarks", Self.list(bookmarks))) }
    if !notes.isEmpty {
      let pairs = notes.sorted { $0.key < $1.key }.map {
        (String($0.key), JSONValue.string($0.value))
      }
      members.append(("notes", .object(JSONObject(pairs))))
    }
    return members
  }

  private static func list(_ numbers: Set<Int>) -> JSONValue {
    .array(numbers.sorted().map { JSONValue($0) })
  }

  /// What a line says; what of it is out of range is left out.
  init(_ json: JSONValue) {
    func count(_ key: String) -> Int { max(0, min(json[key]?.int ?? 0, 1 << 20)) }
    func numbers(_ key: String) -> Set<Int> {
      Set((json[key]?.array ?? []).prefix(Self.most).compactMap(\.int).filter { $0 >= 0 })
    }
    (seen, predicted) = (count("seen"), count("predicted"))
    right = min(count("right"), predicted)
    (solved, bookmarks) = (numbers("solved"), numbers("bookmarks"))
    for (key, value) in (json["notes"]?.object?.members ?? []).prefix(Self.most) {
      guard let step = Int(key), step >= 0, let text = value.string,
        text.utf8.count <= Self.longestNote
      else { continue }
      notes[step] = text
    }
  }
}
