import Grid
import Scenario
import Simulation
import Support
import Testing
import Usercopy

@testable import Inspector

/// Models to press keys on.
enum Fixtures {
  static func script(_ id: String) throws -> Script {
    try Lessons.script(#require(Lessons.find(id), "no lesson \(id)"))
  }

  static let items = Lessons.all.map {
    LessonItem(id: $0.id, number: $0.number, title: $0.title, about: $0.about)
  }

  /// A model on a lesson with keys pressed; lessons asked for are opened.
  static func model(
    _ lesson: String?, keys: String = "", width: Int = 80, height: Int = 24
  ) throws -> Model {
    var model = Model(lessons: items, width: width, height: height)
    model.themes = ["slate", "paper", "mono"]
    model.theme = "slate"
    if let lesson { model.open(try script(lesson)) }
    for key in try Key.sequence(parsing: keys) { try press(key, &model) }
    return model
  }

  @discardableResult
  static func press(_ key: Key, _ model: inout Model) throws -> [Effect] {
    let effects = model.update(.key(key))
    for case .openLesson(let name) in effects {
      if let entry = Lessons.find(name) { model.open(try Lessons.script(entry)) }
    }
    return effects
  }
}

extension Model {
  /// The memory pane as it is drawn now.
  func memoryContext() throws -> PaneContext {
    let session = try #require(session)
    let shown = layout.rects(in: ScreenLayout(self).panes)
    let rect = try #require(shown.first { $0.pane == .memory }).rect.inset()
    return PaneContext(
      model: self, session: session, subject: Subject(self, session), rect: rect, isFocused: true)
  }
}
