import ArgumentParser
import Grid
import Inspector

/// copyscope-keys(7), from the table of keys.
enum KeyManual {
  static func text() throws -> String {
    let keymap = Keymap()
    var page = Roff("copyscope-keys", section: 7, summary: "keys of the copyscope inspector")
    page.heading("Description")
    page.paragraph(
      "The keys as they are without a file of your own; `copyscope keys` lists those in force. "
        + "The name in parentheses is the command's name in `keys.yaml`.")
    page.paragraph(KeyList.configuration.discussion)
    for scope in KeyScope.allCases {
      let bindings = keymap.bindings(in: scope)
      guard !bindings.isEmpty else { continue }
      page.heading(scope.title)
      for binding in bindings {
        let keys = binding.keys.map(\.description).joined(separator: " ")
        page.item(keys.isEmpty ? "(no key)" : keys, "\(binding.help) (\(binding.command.rawValue))")
      }
    }
    page.heading("See also")
    page.paragraph("`copyscope`(1), `copyscope-scenario`(5)")
    return page.text
  }
}
