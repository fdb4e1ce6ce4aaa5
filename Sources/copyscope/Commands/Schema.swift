import ArgumentParser
import Scenario

/// `copyscope schema`: what editors check scenario files against.
struct Schema: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: CommandName.schema.rawValue,
    abstract: "Print the JSON Schema of scenario files, for editors.",
    discussion: """
      Save it, and put this into the first line of a scenario:
      # yaml-language-server: $schema=copyscope.schema.json
      """)

  @Flag(help: "The schema of config.yaml, the user's own settings.")
  var config = false

  @Flag(help: "The schema of a scenario's words in another language.")
  var translation = false

  func run() throws {
    let text = config ? ConfigFile.schema : translation ? Translation.schema : ScenarioSchema.text
    try Output.write(text)
  }
}
