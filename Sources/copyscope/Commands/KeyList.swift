import ArgumentParser
import Grid
import Inspector
import JSON
import Text

/// `copyscope keys`: the key table, with the user's own keys.
struct KeyList: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: CommandName.keys.rawValue,
    abstract: "List the inspector's keys, with those of your keys.yaml.",
    discussion: """
      keys.yaml lies in $XDG_CONFIG_HOME/copyscope (or ~/.config/copyscope); a line such as \
      'next: "n Space"' gives the command other keys.
      """)

  @Option(help: "text or json.")
  var format: OutputFormat = .text

  func run() throws {
    let keymap = try UserFiles.keymap()
    let rows = KeyScope.allCases.flatMap { scope in
      keymap.bindings(in: scope).map { (scope: scope, binding: $0) }
    }
    switch format {
    case .text:
      var heading: KeyScope?
      for (scope, binding) in rows {
        if scope != heading { try Output.line((heading == nil ? "" : "\n") + scope.title) }
        heading = scope
        let keys = Printable.text(binding.keys.map(\.description).joined(separator: " "))
        try Output.line(
          "  \(Self.padded(binding.command.rawValue, 15)) \(Self.padded(keys, 20)) "
            + binding.help)
      }
    case .json:
      let values = rows.map { row in
        JSONValue.object(
          JSONObject([
            ("scope", .string(row.scope.rawValue)),
            ("command", .string(row.binding.command.rawValue)),
            ("keys", .array(row.binding.keys.map { .string($0.description) })),
            ("help", .string(row.binding.help)),
          ]))
      }
      try Output.line("[" + values.map(\.text).joined(separator: ",\n ") + "]")
    }
  }

  private static func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }
}
