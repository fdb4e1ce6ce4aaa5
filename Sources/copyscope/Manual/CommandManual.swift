import JSON

/// copyscope(1), from the table of the command line.
enum CommandManual {
  /// The page.
  ///
  /// - Parameters:
  ///   - help: the table of the command line, as JSON.
  ///   - summary: the program in a sentence.
  static func text(help: String, summary: String) throws -> String {
    guard let root = try? JSONValue(parsing: help), let command = root["command"]
    else { throw BadInput.builtIn(.commandLine) }
    var page = Roff("copyscope", section: 1, summary: first(summary))
    let commands = shown(command["subcommands"])
    page.heading("Synopsis")
    for each in commands { page.paragraph(usage(each, of: "copyscope")) }
    page.heading("Description")
    page.paragraph(summary)
    page.paragraph("Without a command it is \(quoted(command["defaultSubcommand"])).")
    arguments(command, &page)
    page.heading("Commands")
    for each in commands { describe(each, &page) }
    page.heading("Exit status")
    page.item("0", "What was asked for was done, and everything in it was as expected.")
    page.item("1", "Something was not as expected, or a check found a fault.")
    page.item("2", "The command line or the input cannot be used; a line says where and why.")
    page.heading("Files")
    page.item(
      "$XDG_CONFIG_HOME/copyscope/keys.yaml", "Your own keys (~/.config without the variable).")
    page.item(
      "$XDG_CONFIG_HOME/copyscope/config.yaml",
      "What you always want: theme, pace, size, mouse; `copyscope schema --config` describes it.")
    page.item("$XDG_CONFIG_HOME/copyscope/lessons", "Your own lessons, scenario files.")
    page.item("$XDG_CONFIG_HOME/copyscope/themes", "Your own themes, base16 files.")
    page.item(
      "$XDG_STATE_HOME/copyscope", "The panes' places, and work that was not written to a file.")
    page.heading("Environment")
    page.item("COPYSCOPE_THEME", "The theme where `--theme` names none.")
    page.item("NO_COLOR", "If it is set to anything, no colours are used.")
    page.heading("See also")
    page.paragraph("`copyscope-keys`(7), `copyscope-scenario`(5)")
    return page.text
  }

  /// The start of a sentence as `whatis` wants it.
  private static func first(_ sentence: String) -> String {
    let body = sentence.hasSuffix(".") ? sentence.dropLast() : sentence[...]
    return body.prefix(1).lowercased() + body.dropFirst()
  }

  private static func shown(_ list: JSONValue?) -> [JSONValue] {
    (list?.array ?? []).filter { $0["shouldDisplay"]?.bool != false }
  }

  private static func quoted(_ name: JSONValue?) -> String { "`copyscope \(name?.string ?? "")`" }

  /// A command's name with its arguments; its options stand with it further down.
  private static func usage(_ command: JSONValue, of parent: String) -> String {
    let arguments = shown(command["arguments"])
    let isOptional = arguments.contains { $0["kind"]?.string != "positional" }
    let places = arguments.filter { $0["kind"]?.string == "positional" }.map { argument in
      let name = "<\(argument["valueName"]?.string ?? "")>"
      let many = argument["isRepeating"]?.bool == true ? name + " ..." : name
      return argument["isOptional"]?.bool == true ? "[\(many)]" : many
    }
    let name = "`\(parent) \(command["commandName"]?.string ?? "")`"
    return ([name] + (isOptional ? ["[<options>]"] : []) + places).joined(separator: " ")
  }

  private static func describe(_ command: JSONValue, _ page: inout Roff) {
    page.subheading(command["commandName"]?.string ?? "")
    page.paragraph(command["abstract"]?.string ?? "")
    for part in (command["discussion"]?.string ?? "").split(separator: "\n\n") {
      page.paragraph(String(part))
    }
    arguments(command, &page)
  }

  private static func arguments(_ command: JSONValue, _ page: inout Roff) {
    for argument in shown(command["arguments"]) {
      page.item(term(argument), meaning(argument))
    }
  }

  private static func term(_ argument: JSONValue) -> String {
    let value = "<\(argument["valueName"]?.string ?? "")>"
    guard argument["kind"]?.string != "positional" else { return value }
    let names = (argument["names"]?.array ?? []).map { name in
      (name["kind"]?.string == "long" ? "--" : "-") + (name["name"]?.string ?? "")
    }
    return names.joined(separator: ", ") + (argument["kind"]?.string == "option" ? " " + value : "")
  }

  private static func meaning(_ argument: JSONValue) -> String {
    var words = [argument["abstract"]?.string ?? ""]
    if let more = argument["discussion"]?.string { words.append(more + ".") }
    if let values = argument["allValues"]?.array?.compactMap(\.string), !values.isEmpty {
      words.append("One of \(values.joined(separator: ", ")).")
    }
    if argument["kind"]?.string == "option", let usual = argument["defaultValue"]?.string {
      words.append("Without it \(usual).")
    }
    return words.joined(separator: " ")
  }
}
