import Grid
import Support
import Testing
import Text

@Suite struct TextWidthTests {
  @Test func widthsAreThoseOfTerminals() {
    let widths: [(String, Int)] = [
      ("", 0), ("abc", 3), ("漢字", 4), ("ｆｕｌｌ", 8), ("e\u{301}", 1), ("👍", 2), ("한글", 4),
      ("┌─│█░▓●○✔✘▸◀⊕·…", 15), ("\u{200D}", 1), ("é", 1), ("\t", 1), ("a\u{202E}b", 3),
    ]
    for (text, width) in widths { #expect(TextWidth.of(text) == width, "\(text)") }
  }

  /// Every scalar there is: what a grid stores is neither control, format nor private, and the width told is
  /// the width taken.
  @Test func noScalarBringsAControlIntoAGrid() {
    var grid = Grid(width: 4, height: 1)
    for value in UInt32(0)...0x10FFFF {
      guard let scalar = Unicode.Scalar(value) else { continue }
      grid.clear(grid.bounds)
      let used = grid.put(String(Character(scalar)), x: 0, y: 0)
      #expect(used == TextWidth.of(String(Character(scalar))))
      for shown in [grid[0, 0].scalar, Cell(scalar).scalar] {
        // What is assigned is the table's to say: its Unicode is newer than the standard library's.
        #expect([.narrow, .wide].contains(ScalarClass(shown)))
        switch shown.properties.generalCategory {
        case .control, .format, .privateUse, .lineSeparator, .paragraphSeparator,
          .nonspacingMark, .enclosingMark:
          Issue.record("U+\(String(value, radix: 16)) is stored")
        default: break
        }
      }
    }
  }

  @Test func aCellHasRoomForTwoMarks() {
    var grid = Grid(width: 4, height: 1)
    #expect(grid.put("ท\u{E35}\u{E48}e\u{301}\u{302}\u{303}", x: 0, y: 0) == 3)
    #expect(grid[0, 0].marks == ["\u{E35}", "\u{E48}"] && grid[0, 0].scalar == "ท")
    #expect(grid[1, 0].marks == ["\u{301}", "\u{302}"])
    #expect(grid.text == "ท\u{E35}\u{E48}e\u{301}\u{302}\u{FFFD}\n")
    #expect(MemoryLayout<Cell>.size == 8)
  }

  @Test func truncationKeepsTheWidth() {
    #expect(TextWidth.truncated("abcdef", to: 6) == "abcdef")
    #expect(TextWidth.truncated("abcdefg", to: 6) == "abcde…")
    #expect(TextWidth.truncated("漢字漢字", to: 4) == "漢…")
    #expect(TextWidth.truncated("abc", to: 0) == "" && TextWidth.truncated("abc", to: -4) == "")
    for width in 0...12 {
      #expect(TextWidth.of(TextWidth.truncated("a漢b字c漢d", to: width)) <= width)
    }
  }

  /// Plain text goes a shorter way than other text; both ways must lead to the same lines and cells.
  @Test func plainTextIsTreatedAsAnyOther() {
    var random = SplitMix(7)
    for _ in 0..<3_000 {
      let letters = (0..<Int.random(in: 0...60, using: &random)).map { _ in
        Int.random(in: 0..<5, using: &random) == 0 ? " " : "a"
      }
      let plain = letters.joined()
      let other = plain.replacing("a", with: "\u{E4}")
      let width = Int.random(in: 1...24, using: &random)
      let expected = wrap(other, width: width).map { $0.replacing("\u{E4}", with: "a") }
      #expect(wrap(plain, width: width) == expected, "'\(plain)' in \(width)")

      var (one, two) = (Grid(width: 20, height: 2), Grid(width: 20, height: 2))
      one.put("\u{4E2D}\u{4E2D}\u{4E2D}\u{4E2D}", x: 3, y: 0)
      two = one
      let (x, room) = (Int.random(in: -9...25, using: &random), width - 2)
      let inner = Rect(x: 2, y: 0, width: 11, height: 2)
      let used = one.clipped(to: inner) { $0.put(plain, x: x, y: 0, role: .dim, width: room) }
      let same = two.clipped(to: inner) { $0.put(other, x: x, y: 0, role: .dim, width: room) }
      #expect(used == same)
      #expect(one.text == two.text.replacing("\u{E4}", with: "a") && one.roles == two.roles)
    }
  }

  @Test func wrappedLinesFitAndLoseNoWord() {
    let text = "The driver trusts the length it was given.\n\n150 bytes 漢字漢字漢字 unbreakableword"
    for width in 2...50 {
      let lines = wrap(text, width: width)
      #expect(lines.allSatisfy { TextWidth.of($0) <= width }, "\(width)")
      let letters = lines.joined().filter { $0 != " " }
      #expect(letters == text.filter { $0 != " " && $0 != "\n" })
    }
    #expect(wrap("a b\n\nc", width: 9) == ["a b", "", "c"])
    #expect(wrap("a b", width: 0) == [] && wrap("a b", width: -1) == [])
    #expect(wrap("aaa bb", width: 3) == ["aaa", "bb"])
    #expect(wrap("", width: 5) == [""])
  }
}
