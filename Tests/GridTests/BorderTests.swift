import Grid
import Testing

@Suite struct BorderTests {
  @Test func sharedBordersJoin() {
    var grid = Grid(width: 11, height: 5)
    grid.box(Rect(x: 0, y: 0, width: 6, height: 3))
    grid.box(Rect(x: 5, y: 0, width: 6, height: 3))
    grid.box(Rect(x: 0, y: 2, width: 11, height: 3))
    #expect(
      grid.text == """
        ┌────┬────┐
        │    │    │
        ├────┴────┤
        │         │
        └─────────┘

        """)
  }

  @Test func fourBoxesMakeACross() {
    var grid = Grid(width: 5, height: 5)
    for (x, y) in [(0, 0), (2, 0), (0, 2), (2, 2)] {
      grid.box(Rect(x: x, y: y, width: 3, height: 3), role: .frame)
    }
    #expect(grid.text == "┌─┬─┐\n│ │ │\n├─┼─┤\n│ │ │\n└─┴─┘\n")
  }

  @Test func neighboursThatDoNotShareStayApart() {
    var grid = Grid(width: 6, height: 2)
    grid.box(Rect(x: 0, y: 0, width: 3, height: 2))
    grid.box(Rect(x: 3, y: 0, width: 3, height: 2))
    #expect(grid.text == "┌─┐┌─┐\n└─┘└─┘\n")
  }

  @Test func titlesAreCutAndEndsGiveWay() {
    var grid = Grid(width: 14, height: 2)
    grid.box(
      Rect(x: 0, y: 0, width: 14, height: 2), title: [Span("Memory", .title)],
      end: [Span("ok")], footer: [Span("f")])
    #expect(grid.text == "┌ Memory  ok ┐\n└ f ─────────┘\n")
    var small = Grid(width: 8, height: 2)
    small.box(
      Rect(x: 0, y: 0, width: 8, height: 2), title: [Span("Memory", .title)], end: [Span("ok")])
    #expect(small.text == "┌ Memo ┐\n└──────┘\n")
  }

  @Test func linesJoinBoxesTheyTouch() {
    var grid = Grid(width: 5, height: 5)
    grid.box(Rect(x: 0, y: 0, width: 5, height: 5))
    grid.hline(x: 0, y: 2, width: 5)
    grid.vline(x: 2, y: 0, height: 5)
    #expect(grid.text == "┌─┬─┐\n│ │ │\n├─┼─┤\n│ │ │\n└─┴─┘\n")
    var alone = Grid(width: 3, height: 1)
    alone.hline(x: 0, y: 0, width: 3)
    #expect(alone.text == "───\n")
  }

  @Test func thinBoxesAreLines() {
    var grid = Grid(width: 3, height: 3)
    grid.box(Rect(x: 0, y: 0, width: 3, height: 1))
    grid.box(Rect(x: 1, y: 1, width: 1, height: 2))
    #expect(grid.text == "───\n │\n │\n")
  }

  @Test func foldedGridsAreASCII() {
    var grid = Grid(width: 40, height: 6)
    grid.box(Rect(x: 0, y: 0, width: 40, height: 6))
    grid.put("█░▓●○✔✘▸◀⊕·…→漢é\u{301}", x: 1, y: 1)
    grid.put("µ≤\u{1B}\u{9B}\u{202E}👍", x: 1, y: 2)
    let folded = grid.asciiFolded()
    #expect(folded.text.unicodeScalars.allSatisfy { $0.isASCII })
    #expect(folded.text.hasPrefix("+--------"))
    #expect(folded.roles == grid.roles)
    #expect(folded.text.contains("#:&*o+x><@..>"))
    #expect(grid.folded(to: .unicode) == grid && grid.folded(to: .ascii) == folded)
  }
}
