import Grid
import Narration
import Scenario
import Simulation
import Testing
import Timeline
import Usercopy

@testable import Inspector

/// While a check is stepped through nothing on the screen tells what becomes of the copy.
struct OpenCheckTests {
  @Test(arguments: Lessons.all.map(\.id))
  func nothingIsToldBeforeTheLastLine(lesson: String) throws {
    var model = try Fixtures.model(lesson, width: 120, height: 36)
    let count = try #require(model.session).count
    for _ in 0..<count {
      try Fixtures.press(Key(.character("n")), &model)
      guard let outcome = model.session?.shownCopy?.report.outcome, outcome.trace.count > 1
      else { continue }
      var inside = model
      try Fixtures.press(Key(.character("i")), &inside)
      let open = try #require(PaneContext(of: .memory, in: inside))
      #expect(open.subject.isOpen && open.subject.verdicts.isEmpty)
      #expect(open.subject.report?.effect.told.isEmpty == true)
      #expect(Set(open.marks.marks.map(\.mark)).isSubset(of: [.unmoved]))
      let text = view(inside).grid.text
      for word in [VerdictWords.sentence(outcome), VerdictWords.brief(outcome)] {
        #expect(!text.contains(word) || model.session?.script.title.contains(word) == true)
      }
      #expect(text.contains("[○]"))
      // At the last line all is told.
      try Fixtures.press(Key(.character("G")), &inside)
      #expect(try #require(PaneContext(of: .memory, in: inside)).subject.isOpen == false)
    }
  }

  /// The views beside it tell what came before: no event of the step whose check is open.
  @Test(arguments: Lessons.all.map(\.id))
  func viewsBesideTellOfTheStepsBefore(lesson: String) throws {
    var model = try Fixtures.model(lesson, width: 120, height: 36)
    let count = try #require(model.session).count
    for _ in 0..<count {
      let before = model
      try Fixtures.press(Key(.character("n")), &model)
      guard let outcome = model.session?.shownCopy?.report.outcome, outcome.trace.count > 1
      else { continue }
      var inside = model
      try Fixtures.press(Key(.character("i")), &inside)
      for name in ["log", "wire", "gadget"].map(SideViewName.init(_:)) {
        var (old, open) = (before, inside)
        (old.sideView, open.sideView) = (name, name)
        let session = try #require(inside.session)
        guard SideView.shown(name, session) == name else { continue }
        let (was, now) = try (
          #require(PaneContext(of: .side, in: open)), #require(PaneContext(of: .side, in: old))
        )
        let told = PaneContext(
          Frozen(PaneScene(old, try #require(old.session))), rect: was.rect,
          isFocused: now.isFocused)
        #expect(Pane.sideRows(was).texts == Pane.sideRows(told).texts, "\(name.rawValue)")
      }
    }
  }
}
