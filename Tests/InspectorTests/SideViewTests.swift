import GadgetWorld
import Grid
import Scenario
import Simulation
import Testing
import Timeline

@testable import Inspector

/// The views of the upper right pane: each stands in the table once and is had by one key.
struct SideViewTests {
  @Test func viewsHaveNamesOfTheirOwn() {
    let names = SideView.all.map(\.name)
    #expect(Set(names).count == names.count)
  }

  /// From any view the key leads through all that can be had, and back to it.
  @Test(arguments: Lessons.all.map(\.id))
  func theKeyGoesRoundAllViews(lesson: String) throws {
    var model = try Fixtures.model(lesson, keys: "G", width: 120, height: 36)
    let session = try #require(model.session)
    let wanted = SideView.available(session).map(\.name)
    #expect(wanted.contains(.eras) && wanted.contains(.gadget) == (session.world.gadget != nil))
    var seen: [SideViewName] = []
    var titles: Set<String> = []
    for _ in wanted {
      seen.append(SideView.shown(model.sideView, session))
      let context = try #require(PaneContext(of: .side, in: model))
      let rows = Pane.sideRows(context)
      titles.insert(rows.title.map(\.text).joined())
      #expect(!rows.visible.isEmpty)
      try Fixtures.press(Key(.character("r")), &model)
    }
    #expect(seen == wanted && SideView.shown(model.sideView, session) == wanted.first)
    #expect(titles.count == wanted.count)
  }

  @Test func theLogHasTheLinesOfTheSteps() throws {
    var model = try Fixtures.model("past-the-end", width: 120, height: 36)
    model.sideView = SideViewName("log")
    for _ in 0..<(model.session?.count ?? 0) {
      try Fixtures.press(Key(.character("n")), &model)
      let session = try #require(model.session)
      let lines = session.timeline.steps[..<session.position].flatMap(\.kept).compactMap {
        event in
        if case .logged(let line) = event { line } else { nil }
      }
      let context = try #require(PaneContext(of: .side, in: model))
      let shown = KernelLogRows(context).texts.joined().filter { !$0.isWhitespace }
      #expect(
        shown
          == (lines.isEmpty ? ["Nothing is logged yet."] : lines).joined().filter {
            !$0.isWhitespace
          })
    }
  }

  /// Of a step that lies behind only a part is kept; the wire draws of that what it draws of the whole.
  @Test(arguments: Lessons.all.map(\.id))
  func whatIsKeptIsAllThatTheWireShows(lesson: String) throws {
    let script = try Fixtures.script(lesson)
    let model = try Fixtures.model(lesson, keys: "G", width: 120, height: 36)
    guard let context = PaneContext(of: .side, in: model), let wire = WireRows(context) else {
      return
    }
    for step in try Playback(script).steps {
      for case .gadget(let event) in step.events {
        let kept: GadgetEvent? =
          if case .gadget(let kept)? = KeptEvent(.gadget(event)) { kept } else { nil }
        #expect(kept.flatMap { wire.row($0, isNew: false) } == wire.row(event, isNew: false))
      }
    }
  }
}
