import Grid
import Narration
import Scenario
import Simulation
import Testing

@testable import Inspector
import Simulation

/// Every step of every lesson on the smallest screen that shows all panes.
struct FittingTests {
  /// The words of a step, what its copy came to, and at the end what to remember.
  @Test(arguments: Lessons.all.map(\.id))
  func theStoryIsReadWithoutScrolling(lesson: String) throws {
    var model = try Fixtures.model(lesson)
    let count = try #require(model.session?.count)
    for step in 0...count {
      let session = try #require(model.session)
      let context = try #require(PaneContext(of: .story, in: model))
      let shown = Self.letters(Self.text(StoryRows(context).visible.prefix(context.rect.height)))
      var wanted = [session.step?.say ?? session.script.about]
      if let report = context.subject.report, step > 0 {
        wanted += [VerdictWords.arithmetic(report), VerdictWords.leak(report)].compactMap(\.self)
      }
      if step == count { wanted.append(session.script.remember) }
      for words in wanted {
        #expect(shown.contains(Self.letters(words)), "step \(step): '\(words)' is not in sight")
      }
      try Fixtures.press(Key(.character("n")), &model)
    }
    #expect(model.session?.position == count)
  }

  private static func text(_ rows: some Sequence<PaneRow>) -> String {
    rows.map { row in
      switch row {
      case .text(let spans): spans.map(\.text).joined()
      case .picture(let grid): grid.text
      }
    }.joined()
  }

  private static func letters(_ text: String) -> String { text.filter { !$0.isWhitespace } }
}
