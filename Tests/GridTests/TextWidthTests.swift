import Grid
import Testing

@Suite struct TextWidthTests {
  @Test func widthsAreThoseOfTerminals() {
    let widths: [(String, Int)] = [
      ("", 0), ("abc", 3), ("漢字", 4), ("ｆｕｌｌ", 8), ("e\u{301}", 1), ("👍", 2), ("한글", 4),
      ("┌─│█░▓●○✔✘▸◀⊕·…", 15), ("\u{200D}", 0), ("é", 1), ("\t", 1), ("a\u{202E}b", 3),
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
        switch shown.properties.generalCategory {
        case .control, .format, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator,
          .nonspacingMark, .enclosingMark:
          Issue.record("U+\(String(value, radix: 16)) is stored")
        default: break
        }
      }
    }
  }

  @Test func controlsShowAsPictures() {
    #expect(TextWidth.visible("\u{1B}") == "␛" && TextWidth.visible("\u{7F}") == "␡")
    #expect(
      TextWidth.visible("\u{9B}") == "\u{FFFD}" && TextWidth.visible("\u{202E}") == "\u{FFFD}")
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
