import ArgumentParser

/// `copyscope manual`: the manual pages, for packagers; left out of the help.
struct Manual: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "manual",
    abstract: "Print a manual page, printed from the tables the program itself goes by.",
    discussion: "man -l <(copyscope manual copyscope-keys) shows it.",
    shouldDisplay: false)

  @Argument(help: "The page.")
  var page: Page

  /// The pages there are.
  enum Page: String, ExpressibleByArgument, CaseIterable {
    case program = "copyscope"
    case scenario = "copyscope-scenario"
    case keys = "copyscope-keys"
  }

  func run() throws {
    switch page {
    case .program: try Output.write(CommandManual.text())
    case .scenario: try Output.write(ScenarioManual.text())
    case .keys: try Output.write(KeyManual.text())
    }
  }
}
