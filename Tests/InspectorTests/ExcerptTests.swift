import Grid
import Narration
import Scenario
import Simulation
import Testing
import Timeline

@testable import Inspector

/// A check in a pane too low for it: what decided stays, and what is left out is counted.
struct ExcerptTests {
  @Test(arguments: ["past-the-end", "frame-fence", "hardened", "windows", "gadget-keyboard"])
  func whatIsLeftOutIsCounted(lesson: String) throws {
    var model = try Fixtures.model(lesson, width: 120, height: 36)
    var excerpts = 0
    for _ in 0..<(try #require(model.session).count) {
      try Fixtures.press(Key(.character("n")), &model)
      let scene = Frozen(PaneScene(model, try #require(model.session)))
      guard scene.value.subject.report != nil else { continue }
      for width in [40, 66] {
        for height in 4...20 {
          let rect = Rect(x: 0, y: 0, width: width, height: height)
          let check = CheckRows(PaneContext(scene, rect: rect, isFocused: false))
          let place = "\(lesson) step \(model.session?.position ?? 0), \(width)x\(height)"
          let focus = try #require(CheckFolding.focus(check.lines), "\(place)")
          #expect(check.rows.contains { $0.line == focus && !$0.isFolded }, "\(place)")
          #expect(check.rows.last?.line == check.lines.count - 1, "\(place)")
          let agreed = check.lines.count { $0.mark == .passed }
          #expect(Self.told(check) == agreed, "\(place): \(check.texts.joined(separator: "\n"))")
          if check.rows.count <= height { excerpts += 1 }
          // From nine rows on nothing has to be scrolled to.
          #expect(height < 9 || check.rows.count <= height, "\(place)")
        }
      }
    }
    #expect(excerpts > 0)
  }

  /// Conditions that agreed: those that are shown, and those that are counted.
  private static func told(_ check: CheckRows) -> Int {
    check.rows.reduce(0) { sum, row in
      if row.isFolded { return sum + counted(row.text) }
      let isCondition = row.isFirst && check.lines[row.line].mark == .passed
      return sum + counted(row.values) + (isCondition ? 1 : 0)
    }
  }

  private static func counted(_ text: String) -> Int {
    text.hasSuffix(" more agreed") ? text.split(separator: " ").first.flatMap { Int($0) } ?? 0 : 0
  }
}
