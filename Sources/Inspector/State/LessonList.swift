/// The lessons to choose from, and the one selected.
public struct LessonList: Sendable {
  /// In the order of the course.
  public var items: [LessonItem]
  /// How a list of fewer lessons is got; empty where this is one.
  public var shorter = ""
  /// Index of the selected lesson.
  public var cursor = 0

  init(_ items: [LessonItem]) { self.items = items }

  var selected: LessonItem? { items.indices.contains(cursor) ? items[cursor] : nil }

  /// Selects the first lesson found, if one is.
  mutating func selectFirst(_ text: String) { cursor = found(text).first ?? cursor }

  /// Lessons whose title, words or name hold a text; all of them without one.
  func found(_ text: String) -> [Int] {
    let wanted = text.lowercased()
    return items.indices.filter { index in
      let lesson = items[index]
      return wanted.isEmpty || lesson.title.lowercased().contains(wanted)
        || lesson.about.lowercased().contains(wanted) || lesson.id.contains(wanted)
        || lesson.chapter.lowercased().contains(wanted)
        || String(lesson.number) == wanted
    }
  }
}

/// A lesson as the list shows it.
public struct LessonItem: Sendable, Hashable {
  /// The name by which it is opened.
  public var id: String
  /// Its place in the course, from 1.
  public var number: Int
  /// Its heading.
  public var title: String
  /// A sentence a lecturer would say.
  public var about: String
  /// Where the story comes from; may be empty.
  public var source: String
  /// Lessons of one chapter follow each other; empty for none.
  public var chapter: String
  /// About how long it takes, minutes; 0 where nobody knows.
  public var minutes = 0
  /// Steps it has, and how many of them were gone to.
  public var steps = 0
  /// How many of its steps were gone to.
  public var seen = 0
  /// Exercises it has, and how many of them were solved.
  public var exercises = 0
  /// How many of its exercises were solved.
  public var solved = 0

  /// A lesson of the list.
  public init(
    id: String, number: Int, title: String, about: String, source: String = "",
    chapter: String = ""
  ) {
    self.id = id
    self.number = number
    self.title = title
    self.about = about
    self.source = source
    self.chapter = chapter
  }
}
