import Grid
import Testing
import Theme

@Suite struct PictureTests {
  static let sample: Grid = {
    var grid = Grid(width: 12, height: 3)
    grid.box(Rect(x: 0, y: 0, width: 12, height: 3), title: [Span("<&>", .title)])
    grid.put("=漢!\u{1B}[2J", x: 1, y: 1, role: .denied)
    return grid
  }()

  /// Reads SGR sequences away; anything else that starts with ESC is a failure.
  static func stripped(_ text: String) throws -> String {
    var result = ""
    var rest = Substring(text)
    while let escape = rest.firstIndex(of: "\u{1B}") {
      result += rest[..<escape]
      rest = rest[escape...].dropFirst()
      let sequence = rest.prefix { $0 != "m" }
      try #require(sequence.allSatisfy { "[0123456789;".contains($0) })
      rest = rest[sequence.endIndex...].dropFirst()
    }
    return result + rest
  }

  @Test(arguments: [ColourDepth.none, .ansi8, .ansi16, .indexed256, .truecolor])
  func ansiShowsTheText(depth: ColourDepth) throws {
    let theme = try Theme.builtin("slate")
    let text = try Self.stripped(Picture(Self.sample, theme: theme).ansi(depth: depth))
    let rows = text.split(separator: "\n").map { $0.trimmed }
    #expect(rows == Self.sample.text.split(separator: "\n").map { $0.trimmed })
  }

  @Test func ansiOfNoDepthHasNoColours() throws {
    let text = Picture(Self.sample, theme: try Theme.builtin("slate")).ansi(depth: .none)
    #expect(!text.contains("38;") && !text.contains("48;") && !text.contains("[3"))
  }

  @Test func markupIsEscaped() throws {
    let picture = Picture(Self.sample, theme: try Theme.builtin("paper"))
    for markup in [picture.svg(title: "a<b"), picture.html(title: "a<b")] {
      #expect(markup.contains("a&lt;b"))
      #expect(markup.contains("&lt;&amp;&gt;"))
      #expect(!markup.contains("\u{1B}") && !markup.contains("<&>"))
      #expect(markup.contains("漢"))
    }
  }

  /// Words stand at their columns and cover what is drawn, whatever a viewer does with blanks.
  @Test(arguments: ["slate", "mono"]) func svgPlacesEveryWord(theme: String) throws {
    let grid = Self.sample
    let svg = Picture(grid, theme: try Theme.builtin(theme)).svg()
    let words = svg.matches(
      of: /<text x="(\d+)" y="(\d+)" textLength="(\d+)"[^>]*>([^<]*)<\/text>/)
    let signs = svg.matches(of: /<text y="(\d+)"[^>]*>((?:<tspan x="\d+">[^<]*<\/tspan>)+)<\/text>/)
    #expect(words.count + signs.count == svg.matches(of: /<\/text>/).count)
    #expect(!signs.isEmpty)
    var seen: Set<Position> = []
    func see(_ x: Int, _ y: Int, _ length: Int) {
      #expect(x % 9 == 0 && length % 9 == 0 && x + length <= grid.width * 9)
      for column in x / 9..<(x + length) / 9 {
        seen.insert(Position(x: column, y: (y - 22) / 19))
      }
    }
    for word in words {
      see(try #require(Int(word.1)) - 8, try #require(Int(word.2)), try #require(Int(word.3)))
      #expect(!word.4.contains("  ") || svg.contains("underline"))
    }
    for row in signs {
      for sign in row.2.matches(of: /<tspan x="(\d+)">/) {
        see(try #require(Int(sign.1)) - 8, try #require(Int(row.1)), 9)
      }
    }
    for y in 0..<grid.height {
      for x in 0..<grid.width where grid[x, y].scalar != " " {
        #expect(seen.contains(Position(x: x, y: y)), "\(x),\(y)")
      }
    }
  }
}

extension Substring {
  fileprivate var trimmed: String {
    var text = self
    while text.last == " " { text.removeLast() }
    return String(text)
  }
}
