import Grid
import Scenario
import Simulation
import Testing

@testable import Inspector

/// Arrangements of the panes, the story's pages, and hints that are clicked.
struct ArrangementTests {
  @Test(arguments: [(80, 24), (120, 36), (200, 60), (90, 70)])
  func everyArrangementStaysInside(width: Int, height: Int) throws {
    for lesson in ["past-the-end", "gadget-overflow", "stack-buffer"] {
      var model = try Fixtures.model(lesson, keys: "n n n", width: width, height: height)
      for _ in PanePreset.allCases {
        try Fixtures.press(Key(.character("W")), &model)
        let placed = try #require(PlacedPanes(model))
        #expect(placed.all.contains { $0.pane == placed.focus })
        for pane in placed.all {
          #expect(pane.rect.x >= 0 && pane.rect.endX <= width)
          #expect(pane.rect.y >= 1 && pane.rect.endY <= height - 2)
        }
        #expect(view(model).grid.width == width)
      }
      #expect(model.layout.preset == .wide)
    }
  }

  @Test func dividersAreKeptForEachArrangement() throws {
    var layout = PaneLayout()
    layout.columns = 0.4
    layout.use(.tall)
    #expect(layout.columns == PaneLayout.usualColumns)
    layout.leftRows = 0.5
    var restored = PaneLayout()
    restored.restore(layout.saved)
    #expect(restored.preset == .tall && restored.leftRows == 0.5)
    restored.use(.wide)
    #expect(restored.columns == 0.4 && restored.leftRows == nil)
    // As it was written before there were several.
    var old = PaneLayout()
    old.restore("0.5 - 0.4\n")
    #expect(old.preset == .wide && old.columns == 0.5 && old.rightRows == 0.4)
  }

  /// At the end of every lesson `next` brings all of the story into sight before the end is told.
  @Test(arguments: Lessons.all.map(\.id))
  func theEndIsReadWithOneKey(lesson: String) throws {
    var model = try Fixtures.model(lesson, keys: "G")
    var seen: Set<String> = []
    for _ in 0..<40 {
      let pane = try #require(PaneContext(of: .story, in: model))
      let rows = StoryRows(pane)
      seen.formUnion(rows.texts[rows.scroll...].prefix(pane.rect.height))
      guard StoryPages(model).below > 0 else { break }
      try Fixtures.press(Key(.character("n")), &model)
    }
    let pane = try #require(PaneContext(of: .story, in: model))
    #expect(seen.isSuperset(of: StoryRows(pane).texts))
  }

  @Test func hintsAreClicked() throws {
    var model = try Fixtures.model("past-the-end", width: 120, height: 36)
    let session = try #require(model.session)
    let footer = FooterLayout(PaneScene(model, session), ScreenLayout(model).footer) { 0 }
    let column = try #require((0..<120).first { footer.command(at: $0) == .next })
    _ = model.update(.mouse(Mouse(.press(.left), at: Position(x: column, y: 35))))
    #expect(model.session?.position == 1)
  }

  @Test func linesOfAFileAreDoneInOrder() throws {
    var model = try Fixtures.model("past-the-end")
    let effects = model.update(
      .lines(["# two steps", "2", "", "theme paper"], file: "lines.txt"))
    #expect(model.session?.position == 2 && effects == [.useTheme("paper")])
    _ = model.update(.lines(["1", "nonsense", "3"], file: "lines.txt"))
    #expect(model.session?.position == 1)
    #expect(model.message?.text.hasPrefix("lines.txt:2: ") == true)
  }

  @Test func theWaysOutOfACheckLeadOn() throws {
    var model = try Fixtures.model("first-copy", keys: "G i")
    try Fixtures.press(Key(.character("X")), &model)
    if case .edit(let edit) = model.mode {
      #expect(edit.exercise != nil)
    } else {
      Issue.record("X inside a check asks no exercise")
    }
  }
}
