/// A manual page in roff, as man(7) describes it.
struct Roff {
  private(set) var text: String

  /// Begins a page.
  ///
  /// - Parameters:
  ///   - section: 1 commands, 5 file formats, 7 everything else.
  ///   - summary: what stands behind the name in `whatis`.
  init(_ name: String, section: Int, summary: String) {
    text = """
      .TH \(Self.escaped(name.uppercased())) \(section) "" "copyscope \(Version.number)"
      .SH NAME
      \(Self.escaped(name)) \\- \(Self.escaped(summary))

      """
  }

  mutating func heading(_ title: String) {
    text += ".SH \"\(Self.escaped(title.uppercased()))\"\n"
  }

  mutating func subheading(_ title: String) { text += ".SS \"\(Self.escaped(title))\"\n" }

  mutating func paragraph(_ words: String) { text += ".PP\n" + Self.body(words) }

  /// Lines kept as they are.
  mutating func lines(_ lines: [String]) {
    text += ".PP\n.nf\n" + lines.map { Self.body($0) }.joined() + ".fi\n"
  }

  /// A term in bold and what it means.
  mutating func item(_ term: String, _ words: String) {
    text += ".TP\n\\fB\(Self.escaped(term))\\fR\n" + Self.body(words.isEmpty ? "\u{2013}" : words)
  }

  /// Words of Markdown: between backticks they are bold.
  static func body(_ words: String) -> String {
    let parts = words.split(separator: "`", omittingEmptySubsequences: false)
    var line = ""
    for (index, part) in parts.enumerated() {
      let isCode = index % 2 == 1 && index < parts.count - 1
      line += isCode ? "\\fB\(escaped(String(part)))\\fR" : escaped(String(part))
    }
    // A dot or an apostrophe begins a command of roff where it begins a line.
    return (line.hasPrefix(".") ? "\\&" : "") + line + "\n"
  }

  /// Words in which nothing is a command of roff.
  static func escaped(_ words: String) -> String {
    words.map { character in
      switch character {
      case "\\": "\\e"
      case "-": "\\-"
      case "'": "\\(aq"
      case "`": "\\(ga"
      case "^": "\\(ha"
      case "~": "\\(ti"
      case "\"": "\\(dq"
      case _ where character.isNewline: " "
      case _ where character.isASCII: String(character)
      default:
        character.unicodeScalars.map { scalar in
          let digits = String(scalar.value, radix: 16, uppercase: true)
          return "\\[u\(String(repeating: "0", count: max(0, 4 - digits.count)))\(digits)]"
        }.joined()
      }
    }.joined()
  }
}
