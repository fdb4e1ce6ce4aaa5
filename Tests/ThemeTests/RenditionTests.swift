import Grid
import Testing
import Theme

@Suite struct RenditionTests {
  /// What a terminal is set to after SGR sequences.
  struct Terminal: Equatable {
    var foreground = "39"
    var background = "49"
    var attributes: Attributes = []

    mutating func read(_ sequence: String) throws {
      if sequence.isEmpty { return }
      try #require(sequence.hasPrefix("\u{1B}[") && sequence.hasSuffix("m"))
      var parts = sequence.dropFirst(2).dropLast().split(
        separator: ";", omittingEmptySubsequences: false)[...]
      while let part = parts.popFirst() {
        switch part {
        case "", "0": self = Terminal()
        case "1": attributes.insert(.bold)
        case "4": attributes.insert(.underline)
        case "7": attributes.insert(.reverse)
        case "22": attributes.remove(.bold)
        case "24": attributes.remove(.underline)
        case "27": attributes.remove(.reverse)
        case "38", "48":
          let count = parts.first == "5" ? 2 : 4
          let value = ([part] + parts.prefix(count)).joined(separator: ";")
          parts = parts.dropFirst(count)
          if part == "38" { foreground = value } else { background = value }
        default:
          let number = try #require(Int(part))
          if (40...49).contains(number) || number >= 100 {
            background = String(part)
          } else {
            foreground = String(part)
          }
        }
      }
    }
  }

  /// From every look to every look, with and without the codes that switch one attribute off.
  @Test(arguments: [ColourDepth.none, .ansi8, .ansi16, .indexed256, .truecolor])
  func sequencesLeadFromAnyLookToAny(depth: ColourDepth) throws {
    let themes = [try Theme.builtin("slate"), .terminalDefault, .monochrome]
    var looks: Set<Rendition> = [.plain]
    for theme in themes {
      for role in Role.allCases {
        looks.insert(Rendition(theme.style(for: role), depth: depth))
        looks.insert(Rendition(theme.style(for: role), depth: depth).adding(.reverse))
      }
    }
    for first in looks {
      for second in looks {
        for canSwitchOff in [true, false] {
          var terminal = Terminal()
          try terminal.read(first.sequence(after: .plain, canSwitchOff: canSwitchOff))
          try terminal.read(second.sequence(after: first, canSwitchOff: canSwitchOff))
          #expect(terminal.foreground == second.foreground)
          #expect(terminal.background == second.background)
          #expect(terminal.attributes == second.attributes)
        }
      }
    }
  }

  @Test func equalLooksNeedNothing() throws {
    let look = Rendition(try Theme.builtin("ink").style(for: .denied), depth: .truecolor)
    #expect(look.sequence(after: look) == "")
    #expect(Rendition.plain.sequence(after: look) == "\u{1B}[m")
  }
}
