import ArgumentParser
import Foundation
import Grid
import Text
import Theme

/// `copyscope themes`: the themes there are, and what a theme's colours are worth.
struct Themes: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: CommandName.themes.rawValue,
    abstract: "List the themes, or check the contrast and distinctness of one.")

  @Argument(
    help: "Theme names or base16 files to check; without any, the built-in ones in short.",
    completion: Completion.themes)
  var themes: [String] = []

  func run() throws {
    var isEnough = true
    for name in themes.isEmpty ? Theme.builtinNames : themes {
      let theme = try ThemeChoice.theme(name)
      let report = ThemeReport(theme)
      isEnough = isEnough && report.isEnough
      try Output.line("\(Printable.text(name)): \(theme.variant.rawValue), \(summary(report))")
      if !themes.isEmpty { try details(report) }
    }
    if !isEnough { throw ExitCode(1) }
  }

  private func summary(_ report: ThemeReport) -> String {
    guard !report.contrasts.isEmpty else { return "the terminal decides its colours" }
    let weak = report.contrasts.filter { !$0.isEnough }.count
    let close = report.pairs.filter { !$0.isEnough }.count
    return "\(report.contrasts.count - weak) of \(report.contrasts.count) roles readable, "
      + "\(report.pairs.count - close) of \(report.pairs.count) pairs distinct"
  }

  private func details(_ report: ThemeReport) throws {
    for contrast in report.contrasts {
      try Output.line(
        "  \(contrast.role.name): \(number(contrast.ratio)):1, needs \(number(contrast.needed)):1"
          + (contrast.isEnough ? "" : "  TOO WEAK"))
    }
    for pair in report.pairs {
      try Output.line(
        "  \(pair.first.name) / \(pair.second.name): \(number(pair.least)) apart for every eye"
          + (pair.isFar ? "" : pair.isEnough ? ", told by weight as well" : "  TOO CLOSE"))
    }
  }

  private func number(_ value: Double) -> String {
    let tenths = Int((value * 10).rounded())
    return "\(tenths / 10).\(tenths % 10)"
  }
}
