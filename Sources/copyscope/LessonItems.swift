import Inspector
import Journal
import Scenario
import Simulation
import Text

/// The lessons of the list: those that come along, and behind them the user's own.
enum LessonItems {
  static func all(_ record: ProgressRecord) -> [LessonItem] {
    let course = Lessons.all.map { item($0, record) }
    return course + own(behind: course.count)
  }

  /// How the lessons of a course are listed: of the shortest one.
  static let shorter =
    CourseFile.shipped.min { $0.minutes < $1.minutes }
    .map { "a course to begin with: copyscope open --course \($0.id)" } ?? ""

  /// The lessons of a course, in its order.
  static func of(_ course: CourseSource, _ record: ProgressRecord) -> [LessonItem] {
    course.file.lessons.enumerated().map { index, entry in
      var item: LessonItem
      if let lesson = Lessons.find(entry.lesson) {
        item = self.item(lesson, record)
      } else {
        item = own(course.path(of: entry), number: index + 1)
      }
      (item.number, item.chapter) = (index + 1, course.file.title)
      if let minutes = entry.minutes { item.minutes = minutes }
      return item
    }
  }

  private static func item(_ lesson: Lessons.Entry, _ record: ProgressRecord) -> LessonItem {
    var item = LessonItem(
      id: lesson.id, number: lesson.number, title: lesson.title, about: lesson.about,
      source: lesson.source, chapter: lesson.chapter)
    let size = lesson.size
    (item.minutes, item.steps, item.exercises) = (size.minutes, size.steps, size.exercises)
    item.take(record.lessons[lesson.id])
    return item
  }

  /// The scenario files of the user's folder; one that cannot be read is told when it is opened.
  private static func own(behind count: Int) -> [LessonItem] {
    UserFiles.lessons.enumerated().map { own($1, number: count + $0 + 1) }
  }

  private static func own(_ path: String, number: Int) -> LessonItem {
    let script = try? ScenarioSource.load(path, onlyRegular: true)
    var item = LessonItem(
      id: path, number: number,
      title: script?.title ?? Printable.text(ScenarioSource.identifier(path)),
      about: script?.about ?? "This file cannot be read as a scenario; opening it tells why.",
      source: script?.source ?? "", chapter: "Your own")
    (item.steps, item.exercises) = (script?.steps.count ?? 0, script?.exercises.count ?? 0)
    return item
  }
}

extension LessonItem {
  /// Takes what was done of the lesson.
  mutating func take(_ progress: LessonProgress?) {
    seen = min(progress?.seen ?? 0, steps)
    solved = progress?.solved.filter { $0 <= exercises }.count ?? 0
  }
}
