import Inspector
import Scenario
import Simulation
import Text

/// The lessons of the list: those that come along, and behind them the user's own.
enum LessonItems {
  static var all: [LessonItem] {
    let course = Lessons.all.map {
      LessonItem(
        id: $0.id, number: $0.number, title: $0.title, about: $0.about, source: $0.source,
        chapter: $0.chapter)
    }
    return course + own(behind: course.count)
  }

  /// The scenario files of the user's folder; one that cannot be read is told when it is opened.
  private static func own(behind count: Int) -> [LessonItem] {
    UserFiles.lessons.enumerated().map { index, path in
      let script = try? ScenarioSource.load(path, onlyRegular: true)
      return LessonItem(
        id: path, number: count + index + 1,
        title: script?.title ?? Printable.text(ScenarioSource.identifier(path)),
        about: script?.about ?? "This file cannot be read as a scenario; opening it tells why.",
        source: script?.source ?? "", chapter: "Your own")
    }
  }
}
