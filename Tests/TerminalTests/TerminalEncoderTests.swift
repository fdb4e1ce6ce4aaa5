import Glibc
import Grid
import Support
import Testing

@testable import Terminal
@testable import Theme

/// Whatever changes, and whatever a terminal can do, it shows the grid afterwards.
@Suite struct TerminalEncoderTests {
  struct Kind: Sendable, CustomTestStringConvertible {
    var theme: String
    var depth: ColourDepth
    var features: Features
    var testDescription: String { "\(theme) \(depth) \(features)" }
  }

  static let kinds: [Kind] = ["slate", "paper", "mono", "terminal"].flatMap { theme in
    [ColourDepth.none, .ansi16, .indexed256, .truecolor].flatMap { depth in
      [0, 1, 2, 4, 8, 16, 31].map { bits in
        Kind(
          theme: theme, depth: depth,
          features: Features(
            erasesInColour: bits & 1 != 0, hasAttributes: true, erasesCells: bits & 2 != 0,
            repeats: bits & 4 != 0,
            motion: Motion(
              movesAnywhere: true, feedsDown: bits & 8 != 0, hasColumns: bits & 16 != 0)))
      }
    }
  }

  @Test(arguments: kinds) func framesComeOutAsDrawn(kind: Kind) throws {
    setlocale(LC_CTYPE, "C.UTF-8")
    let theme = try Theme.builtin(kind.theme)
    var generator = SplitMix(text: kind.testDescription)
    for _ in 0..<6 {
      let width = Int.random(in: 1...60, using: &generator)
      let height = Int.random(in: 1...12, using: &generator)
      var painter = TerminalEncoder(theme: theme, depth: kind.depth, features: kind.features)
      var paper = Paper(
        width: width, height: height, erasesInColour: kind.features.erasesInColour)
      // What clears is in the terminal's description; without one erasing stands in for it.
      paper.take(painter.clear(height: height, width: width))
      if kind.features.erasesInColour { paper.take(Array("\u{1B}[2J".utf8)) }
      var grid = Grid(width: width, height: height)
      var shown = grid
      for _ in 0..<6 {
        change(&grid, &generator)
        let wanted = painter.simplified(grid)
        let cursor = Bool.random(using: &generator) ? Position(x: width / 2, y: height / 2) : nil
        paper.take(
          painter.paint(
            Diff(from: shown, to: wanted), width: width, height: height, cursor: cursor))
        shown = wanted
        try #require(paper.problems.isEmpty, "\(paper.problems)")
        if let cursor { #expect((paper.x, paper.y) == (cursor.x, cursor.y)) }
        try expectEqual(paper, grid, theme, kind.depth)
      }
    }
  }

  /// Puts something of every kind somewhere.
  private func change(_ grid: inout Grid, _ generator: inout SplitMix) {
    let texts = [
      "a", "7", "hello there", "──────────────", "aaaaaaaaaaaaaaaaaa", "漢字", "e\u{301}t", "x 漢 y",
      "          ", "                                ", "│", "word word", "✔ 12",
    ]
    for _ in 0..<Int.random(in: 1...9, using: &generator) {
      let role = Role.allCases.randomElement(using: &generator) ?? .text
      let attributes = Attributes(rawValue: Bool.random(using: &generator) ? 0 : .random(in: 0..<8))
      grid.put(
        texts.randomElement(using: &generator) ?? "",
        x: .random(in: -2..<grid.width, using: &generator),
        y: .random(in: 0..<grid.height, using: &generator),
        role: Bool.random(using: &generator) ? .text : role, attributes: attributes)
    }
  }

  private func expectEqual(
    _ paper: Paper, _ grid: Grid, _ theme: Theme, _ depth: ColourDepth
  ) throws {
    let shown = depth == .none ? Theme.monochrome : theme
    for y in 0..<grid.height {
      for x in 0..<grid.width where !grid[x, y].isContinuation {
        let cell = grid[x, y]
        let rendition = Rendition(shown.style(for: cell), depth: depth)
        var wanted = Paper.Glyph(
          text: String(cell.scalar), foreground: rendition.foreground,
          background: rendition.background, attributes: [])
        wanted.text.unicodeScalars.append(contentsOf: cell.marks)
        if rendition.attributes.contains(.bold) { wanted.attributes.insert("1") }
        if rendition.attributes.contains(.underline) { wanted.attributes.insert("4") }
        if rendition.attributes.contains(.reverse) { wanted.attributes.insert("7") }
        var found = paper.rows[y][x]
        if wanted.text == " ", wanted.attributes.isDisjoint(with: ["4", "7"]) {
          // Of a blank only its background can be seen.
          wanted = Paper.Glyph(background: wanted.background)
          if found.attributes.isDisjoint(with: ["4", "7"]) {
            found = Paper.Glyph(text: found.text, background: found.background)
          }
        }
        try #require(found == wanted, "at \(x),\(y): \(found) is not \(wanted)")
      }
    }
  }

  @Test func motionArrivesByTheShortestWay() {
    let motion = Motion(movesAnywhere: true, feedsDown: true, hasColumns: true)
    for from in places {
      for to in places {
        var bytes: [UInt8] = []
        motion.add(from: from, to: to, to: &bytes)
        var paper = Paper(width: 120, height: 40, erasesInColour: true)
        paper.take(Array("\u{1B}[\(from.y + 1);\(from.x + 1)H".utf8) + bytes)
        #expect((paper.x, paper.y) == (to.x, to.y))
        #expect(paper.problems.isEmpty)
        #expect(bytes.count <= "\u{1B}[\(to.y + 1);\(to.x + 1)H".utf8.count)
      }
    }
  }

  private let places = [0, 1, 8, 9, 39].flatMap { y in
    [0, 1, 5, 9, 10, 98, 99, 119].map { Position(x: $0, y: y) }
  }
}
