import Testing

@testable import Grid

@Suite struct GridTests {
  /// A generator whose walks can be repeated.
  struct Seeded: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var z = state
      z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
      return z ^ (z >> 31)
    }
  }

  static let texts = ["a", "漢字", "x漢", "e\u{301}", "│─", "", "\u{1B}[31m", "👩‍👩‍👧", "long word here"]

  /// Every continuation has a wide lead and every wide lead a continuation of the same dress.
  static func isSound(_ grid: Grid) -> Bool {
    (0..<grid.height).allSatisfy { y in
      let row = Array(grid.row(y))
      return row.indices.allSatisfy { x in
        if row[x].isContinuation { return x > 0 && row[x - 1].isWide }
        if row[x].isWide { return x + 1 < row.count && row[x + 1].isContinuation }
        return true
      }
    }
  }

  /// Draws something somewhere, often partly or wholly outside.
  static func scribble(_ grid: inout Grid, _ random: inout Seeded) {
    let x = Int.random(in: -6...20, using: &random)
    let y = Int.random(in: -3...10, using: &random)
    let rect = Rect(
      x: x, y: y, width: Int.random(in: -1...14, using: &random),
      height: Int.random(in: -1...7, using: &random))
    let role = Role.allCases.randomElement(using: &random) ?? .text
    let text = texts.randomElement(using: &random) ?? ""
    switch Int.random(in: 0..<8, using: &random) {
    case 0: grid.put(text, x: x, y: y, role: role, width: Int.random(in: -1...9, using: &random))
    case 1: grid.put(text, x: x, y: y, role: role, attributes: .bold)
    case 2: grid.fill(rect, with: text.unicodeScalars.first ?? ".", role: role)
    case 3: grid.box(rect, role: role, title: [Span(text)], end: [Span("z")], footer: [Span(text)])
    case 4: grid.hline(x: x, y: y, width: rect.width, role: role)
    case 5: grid.vline(x: x, y: y, height: rect.height, role: role)
    case 6:
      var part = Grid(width: rect.width, height: rect.height)
      part.draw(grid, x: -rect.x, y: -rect.y)
      grid.draw(part, x: y, y: x)
    default: grid[x, y] = Cell(text.unicodeScalars.first ?? "?", role: role)
    }
  }

  @Test(arguments: 0..<40 as Range<UInt64>)
  func drawingNeverLeavesTheClipAndStaysSound(seed: UInt64) {
    var random = Seeded(state: seed)
    var grid = Grid(width: 16, height: 8)
    let clip = Rect(x: 3, y: 2, width: 9, height: 4)
    for _ in 0..<60 {
      Self.scribble(&grid, &random)
      #expect(Self.isSound(grid), "seed \(seed)")
    }
    let before = grid
    grid.clipped(to: clip) { part in
      for _ in 0..<60 { Self.scribble(&part, &random) }
    }
    #expect(Self.isSound(grid), "seed \(seed)")
    for y in 0..<8 {
      for x in 0..<16 where !clip.contains(x: x, y: y) {
        // Overwriting one half of a wide scalar at the edge blanks its other half.
        let edge = before[x, y].isWide || before[x, y].isContinuation
        #expect(grid[x, y] == before[x, y] || edge && grid[x, y].scalar == " ", "seed \(seed)")
      }
    }
    #expect(grid.clip == grid.bounds)
  }

  @Test(arguments: 0..<60 as Range<UInt64>) func applyingADiffGivesTheNewGrid(seed: UInt64) {
    var random = Seeded(state: seed)
    var old = Grid(width: 16, height: 8)
    for _ in 0..<30 { Self.scribble(&old, &random) }
    var new = old
    for _ in 0..<Int.random(in: 0...5, using: &random) { Self.scribble(&new, &random) }
    let diff = Diff(from: old, to: new)
    var made = old
    made.apply(diff)
    #expect(made == new, "seed \(seed)")
    #expect(diff.isEmpty == (old == new))
    for run in diff.runs {
      #expect(run.cells.first?.isContinuation == false && run.cells.last?.isWide == false)
      // Pieces are the run, in order, each of one dress but for blanks, and cut no wide scalar.
      #expect(run.pieces.flatMap { run.cells[$0] } == run.cells)
      var next = 0
      for piece in run.pieces {
        #expect(piece.lowerBound == next && !piece.isEmpty)
        #expect(run.cells[piece].first?.isContinuation == false)
        let dresses = Set(
          run.cells[piece].filter { $0 != .blank }
            .map { [$0.role.rawValue, $0.attributes.rawValue] })
        #expect(dresses.count < 2)
        next = piece.upperBound
      }
    }
  }

  @Test func diffOfOtherSizesIsWhole() {
    let new = Grid(width: 3, height: 2)
    let diff = Diff(from: Grid(width: 2, height: 2), to: new)
    #expect(diff.runs.map(\.cells.count) == [3, 3])
    #expect(Diff(from: new, to: new).isEmpty)
  }

  @Test func shortGapsAreJoinedAndLongOnesAreNot() {
    let old = Grid(width: 40, height: 1)
    var near = old
    near.put("a", x: 0, y: 0)
    near.put("b", x: 3, y: 0)
    #expect(Diff(from: old, to: near).runs.count == 1)
    var far = old
    far.put("a", x: 0, y: 0)
    far.put("b", x: 30, y: 0)
    #expect(Diff(from: old, to: far).runs.map(\.cells.count) == [1, 1])
  }

  @Test func extremeNumbersAreHarmless() {
    var grid = Grid(width: 5, height: 3)
    let blank = grid
    for number in [Int.min, Int.min + 1, -1, 5, Int.max - 1, Int.max] {
      grid.put("abc", x: number, y: number)
      grid.put("abc", x: 0, y: number)
      grid.put([Span("abc"), Span("d")], x: number, y: 0, width: number)
      grid[number, 0] = Cell("x")
      grid.hline(x: number, y: 0, width: 2)
      grid.vline(x: number, y: number, height: Int.max)
      grid.box(Rect(x: number, y: number, width: 3, height: 2), title: [Span("t")])
      grid.draw(blank, x: number, y: number)
      #expect(grid.row(number).isEmpty)
      #expect(grid[number, number] == .blank)
    }
    #expect(Grid(width: Int.max, height: -3).width == Grid.limit)
    #expect(Grid(width: 4, height: Int.min).text == "")
  }

  @Test func putReturnsColumnsAndClips() {
    var grid = Grid(width: 6, height: 1)
    #expect(grid.put("漢字x", x: 4, y: 0) == 5)
    #expect(grid.text == "    漢\n")
    #expect(grid.put("abcdef", x: 0, y: 0, width: 3) == 3)
    #expect(grid.put("a漢", x: 0, y: 0, width: 2) == 1)
    #expect(grid.put("漢", x: -1, y: 0) == 2)
    #expect(grid[0, 0].scalar == " ")
    #expect(grid.put("e\u{301}\u{302}", x: 0, y: 0) == 1)
    #expect(grid[0, 0].marks == ["\u{301}", "\u{302}"])
  }

  @Test func rolesAreShownByLetters() {
    #expect(Set(Role.allCases.map(\.letter)).count == Role.allCases.count)
    for role in Role.allCases { #expect(Role(name: role.name) == role) }
    #expect(Role(name: "no such role") == nil)
    var grid = Grid(width: 4, height: 2)
    grid.put("=!", x: 1, y: 0, role: .allowed)
    grid.paint(Rect(x: 2, y: 0, width: 1, height: 1), role: .denied, adding: .bold)
    #expect(grid.roles == ".=!\n\n")
  }
}
