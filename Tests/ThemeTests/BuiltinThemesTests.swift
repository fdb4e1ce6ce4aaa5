import Foundation
import Grid
import Testing
import Theme

@Suite struct BuiltinThemesTests {
  static let files = Theme.builtinNames.filter { $0 != "terminal" && $0 != "mono" }

  @Test func everyFileOfTheFolderIsATheme() throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(
      path: "../../themes")
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      .filter { $0.hasSuffix(".yaml") }.map { String($0.dropLast(5)) }
    for name in Set(names).subtracting(Self.files) {
      Issue.record("BuiltinThemes.swift has no line for themes/\(name).yaml")
    }
  }

  @Test(arguments: files) func isReadable(name: String) throws {
    let report = ThemeReport(try Theme.builtin(name))
    for entry in report.contrasts {
      #expect(entry.isEnough, "\(entry.role) has \(entry.ratio), needs \(entry.needed)")
    }
    for pair in report.pairs {
      #expect(pair.isEnough, "\(pair.first)/\(pair.second): \(pair.distances)")
    }
    #expect(report.contrasts.count == Role.allCases.count)
  }

  /// Without help of an attribute: 20 in every kind of vision.
  @Test(arguments: files) func allowedIsBlueAndDeniedOrange(name: String) throws {
    let theme = try Theme.builtin(name)
    let allowed = try #require(theme.style(for: .allowed).foreground).rgb
    let denied = try #require(theme.style(for: .denied).foreground).rgb
    #expect(Vision.leastDistance(allowed, denied) >= 20)
    #expect(allowed.blue > allowed.red && allowed.blue > allowed.green)
    #expect(denied.red > denied.green && denied.green > denied.blue)
  }

  @Test func variantsAreWhatTheyLookLike() throws {
    for name in Self.files {
      let theme = try Theme.builtin(name)
      let back = try #require(theme.background).rgb
      #expect((back.luminance < 0.2) == (theme.variant == .dark), "\(name)")
    }
  }

  @Test func unknownNamesAreRefusedWithASuggestion() {
    #expect(throws: ThemeError.unknownTheme(name: "slat", suggestion: "slate")) {
      try Theme.builtin("slat")
    }
  }

  @Test func monochromeHasNoColours() {
    for role in Role.allCases {
      let style = Theme.monochrome.style(for: role)
      #expect(style.foreground == nil && style.background == nil)
    }
    let theme = Theme.monochrome
    let pair = [Role.allowed, .denied, .leaky].map { theme.style(for: $0).attributes.rawValue }
    #expect(Set(pair).count == 3)
  }

  @Test func terminalThemeNamesOnlyTheTerminalsColours() {
    for role in Role.allCases {
      let style = Theme.terminalDefault.style(for: role)
      #expect(style.background == nil)
      if case .rgb = style.foreground { Issue.record("\(role)") }
    }
  }
}
