import ArgumentParser

/// The page of the whole command line was asked for: the program's own table of it has it.
struct ProgramManualRequest: Error {}

/// `copyscope manual`: the manual pages, for packagers; left out of the help.
struct Manual: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: CommandName.manual.rawValue,
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
    case .program: throw ProgramManualRequest()
    case .scenario: try Output.write(ScenarioManual.text())
    case .keys: try Output.write(KeyManual.text())
    }
  }
}
