import Grid
import Testing
import Theme

@Suite struct ThemeReaderTests {
  static let colours = [
    "1d1f21", "282a2e", "373b41", "969896", "b4b7b4", "c5c8c6", "e0e0e0", "ffffff",
    "cc6666", "de935f", "f0c674", "b5bd68", "8abeb7", "81a2be", "b294bb", "a3685a",
  ]

  static func lines(indent: String, quote: String, mark: String, upper: Bool = true) -> String {
    colours.enumerated().map { index, colour in
      let digit = String(index, radix: 16, uppercase: upper)
      return "\(indent)base0\(digit): \(quote)\(mark)\(colour)\(quote)\n"
    }.joined()
  }

  static let new =
    "system: \"base16\"\nname: \"Tomorrow\"\nauthor: \"C. K.\"\nvariant: \"dark\"\npalette:\n"
    + lines(indent: "  ", quote: "\"", mark: "#")
  static let old =
    "scheme: \"Tomorrow\"\nauthor: \"C. K.\"\n" + lines(indent: "", quote: "\"", mark: "")

  @Test func bothFormsGiveTheSamePalette() throws {
    let first = try Theme(yaml: Self.new, file: "tomorrow.yaml")
    let second = try Theme(yaml: Self.old, file: "tomorrow.yaml")
    #expect(first.palette == second.palette)
    #expect(first.name == "Tomorrow" && second.name == "Tomorrow")
    #expect(first.author == "C. K." && second.variant == .dark)
    #expect(first.style(for: .text).foreground == .rgb(RGB(red: 0xC5, green: 0xC8, blue: 0xC6)))
  }

  @Test func theNameOfANamelessFileIsTheFiles() throws {
    let theme = try Theme(
      yaml: Self.lines(indent: "", quote: "'", mark: "", upper: false), file: "a/b/night.yaml")
    #expect(theme.name == "night")
  }

  @Test func base24SlotsAreReadAndBase16OnesStandIn() throws {
    let slot = try #require(Slot(name: "base12"))
    let plain = try #require(try Theme(yaml: Self.new, file: "f").palette)
    #expect(plain[slot] == RGB(red: 0xCC, green: 0x66, blue: 0x66))
    let more = (0..<8).map { "  base1\($0): \"#00000\($0)\"\n" }.joined()
    let full = try #require(try Theme(yaml: Self.new + more, file: "f").palette)
    #expect(full[slot] == RGB(red: 0, green: 0, blue: 2))
  }

  @Test func rolesOfTheSectionAreTaken() throws {
    let section = """
      copyscope:
        allowed: base0C+bold
        denied: "#ff0000+reverse+underline"
        warning: bright-yellow
        dim: default
        live: +bold

      """
    let theme = try Theme(yaml: Self.new + section, file: "f")
    let back = Colour.rgb(RGB(red: 0x1D, green: 0x1F, blue: 0x21))
    #expect(
      theme.style(for: .allowed)
        == Style(
          foreground: .rgb(RGB(red: 0x8A, green: 0xBE, blue: 0xB7)), background: back,
          attributes: .bold))
    #expect(
      theme.style(for: .denied)
        == Style(
          foreground: .rgb(RGB(red: 255, green: 0, blue: 0)), background: back,
          attributes: [.reverse, .underline]))
    #expect(theme.style(for: .warning).foreground == .ansi(.brightYellow))
    #expect(theme.style(for: .dim) == Style())
    #expect(theme.style(for: .live).attributes == .bold)
  }

  static let bad: [(text: String, line: Int, column: Int, says: String)] = [
    ("palette: [", 1, 0, "yaml:"), ("- a\n- b\n", 1, 1, "mapping"), ("", 1, 1, "mapping"),
    ("name: x\n", 1, 1, "base00"), ("name: x\npalette: 3\n", 2, 10, "palette"),
    (new.replacing("cc6666", with: "cc66"), 14, 11, "base08"),
    (new + "copyscope:\n  alowed: base0D\n", 23, 3, "'allowed'"),
    (new + "copyscope:\n  allowed: base1F\n", 23, 12, "allowed"),
    (new + "copyscope:\n  allowed: blu\n", 23, 12, "'blue'"),
    (new + "copyscope:\n  allowed: base0D+bld\n", 23, 12, "'bold'"),
    (new + "copyscope:\n  allowed: [base0D]\n", 23, 12, "slot"),
    (new + "copyscope: 3\n", 22, 12, "copyscope"),
    (new.replacing("\"dark\"", with: "dim"), 4, 10, "dark or light"),
    (new + "name: y\n", 1, 0, "twice"), ("a: \u{1}\n", 1, 0, "yaml:"),
  ]

  @Test(arguments: bad.indices) func everyMistakeHasAPlaceAndAWord(index: Int) throws {
    let bad = Self.bad[index]
    let error = try #require(throws: ThemeError.self) {
      try Theme(yaml: bad.text, file: "t.yaml")
    }
    let place = bad.column == 0 ? "t.yaml:" : "t.yaml:\(bad.line):\(bad.column): "
    #expect(error.description.hasPrefix(place), "\(error)")
    #expect(error.description.contains(bad.says), "\(error)")
    let numbers = error.description.split(separator: ":").dropFirst().prefix(2)
    #expect(numbers.allSatisfy { Int($0).map { $0 > 0 } == true }, "\(error)")
  }

  @Test func hostileFilesAreRefusedQuickly() {
    let deep = String(repeating: "[", count: 60_000)
    let long = String(repeating: "a: b\n", count: 20_000)
    var bomb = "a0: &a0 [x,x,x,x,x,x,x,x]\n"
    for level in 1..<30 {
      bomb += "a\(level): &a\(level) [*a\(level - 1),*a\(level - 1),*a\(level - 1)]\n"
    }
    for text in [deep, long, bomb + "? *a29\n: 1\n", "\u{FEFF}", "\0\0\0"] {
      #expect(throws: ThemeError.self) { try Theme(yaml: text, file: "t.yaml") }
    }
  }

  /// Any cut of a good file is either refused or a theme; it never stops the program.
  @Test func everyPrefixIsHandled() {
    let text = Self.new + "copyscope:\n  allowed: base0D+bold\n"
    for length in stride(from: 0, through: text.utf8.count, by: 3) {
      _ = try? Theme(yaml: String(text.prefix(length)), file: "t.yaml")
    }
  }

  @Test func thePairIsTheMostDistinctOfTheScheme() throws {
    let theme = try Theme(yaml: Self.new, file: "f")
    let allowed = try #require(theme.style(for: .allowed).foreground).rgb
    let denied = try #require(theme.style(for: .denied).foreground).rgb
    let chosen = Vision.leastDistance(allowed, denied)
    let palette = try #require(theme.palette)
    for first in ["base0B", "base0C", "base0D"] {
      for second in ["base08", "base09", "base0E"] {
        let one = palette[try #require(Slot(name: first))]
        let other = palette[try #require(Slot(name: second))]
        #expect(Vision.leastDistance(one, other) <= chosen)
      }
    }
  }

  /// A scheme of one grey on black: nothing stands out, so roles fall back to text and attributes.
  @Test func faintColoursFallBackToAttributes() throws {
    let faint = (0..<16).map { index in
      let colour = index == 0 ? "000000" : index == 5 ? "ffffff" : "202020"
      return "base0\(String(index, radix: 16)): \(colour)\n"
    }.joined()
    let theme = try Theme(yaml: faint, file: "f")
    let white = Colour.rgb(RGB(red: 255, green: 255, blue: 255))
    for role in Role.allCases {
      #expect(theme.style(for: role).foreground == white, "\(role)")
    }
    #expect(theme.style(for: .denied).attributes == .reverse)
    #expect(theme.style(for: .allowed).attributes == .bold)
    let report = ThemeReport(theme)
    #expect(report.isEnough)
  }
}
