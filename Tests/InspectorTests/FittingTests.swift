import Grid
import Scenario
import Testing

@testable import Inspector

/// Every step of every lesson on the smallest screen that shows all panes.
struct FittingTests {
  @Test(arguments: Lessons.all.map(\.id))
  func theStoryIsReadWithoutScrolling(lesson: String) throws {
    var model = try Fixtures.model(lesson)
    let count = try #require(model.session?.count)
    for step in 0...count {
      let context = try #require(model.context(of: .story))
      let essential = StoryRows(context: context).essential
      #expect(
        essential <= context.rect.height,
        "step \(step): \(essential) rows, \(context.rect.height) are in sight")
      try Fixtures.press(Key(.character("n")), &model)
    }
    #expect(model.session?.position == count)
  }
}
