import JSON
import Scenario

/// copyscope-scenario(5), from the schema and the table of actions.
enum ScenarioManual {
  static func text() throws -> String {
    guard let schema = try? JSONValue(parsing: ScenarioSchema.text) else {
      throw BadInput.builtIn(.schema)
    }
    var page = Roff(
      "copyscope-scenario", section: 5, summary: "scenario files of copyscope, in YAML")
    page.heading("Description")
    page.paragraph(
      "A scenario is one mapping: what it is called, the kernel it plays on, and the steps. "
        + "`copyscope run FILE` plays it and names a mistake with its line; "
        + "`copyscope schema` prints the schema for editors, which this page is printed from.")
    fields(of: schema, &page)
    reference(&page)
    page.heading("See also")
    page.paragraph("`copyscope`(1), `copyscope-keys`(7)")
    return page.text
  }

  /// The fields of the whole and, one below, of each mapping in it.
  private static func fields(of schema: JSONValue, _ page: inout Roff) {
    page.heading("Fields")
    let needed = Set((schema["required"]?.array ?? []).compactMap(\.string))
    for (name, kind) in schema["properties"]?.object?.members ?? [] {
      let isNeeded = needed.contains(name) ? "Must be there. " : ""
      page.item(name, isNeeded + words(kind))
    }
    for (name, kind) in schema["properties"]?.object?.members ?? [] {
      let inner = kind["items"] ?? kind
      // The steps' actions have a part of their own.
      guard let members = inner["properties"]?.object?.members else { continue }
      page.heading("\(name), field by field")
      for (name, kind) in members where !isAction(name) { page.item(name, words(kind)) }
    }
  }

  private static func isAction(_ name: String) -> Bool {
    StepReference.text.contains("\n## \(name)\n")
  }

  /// What a value may be, in a sentence.
  private static func words(_ kind: JSONValue) -> String {
    let meaning = kind["description"]?.string.map { $0 + ": " } ?? ""
    if let words = kind["enum"]?.array {
      let values = words.map { $0.string ?? $0.text }
      return meaning + "one of \(values.joined(separator: ", "))."
    }
    if let items = kind["items"] { return meaning + "a list; each " + words(items) }
    if let names = kind["properties"]?.object?.keys {
      return meaning + "a mapping with \(names.joined(separator: ", "))."
    }
    if let choices = kind["anyOf"]?.array, let first = choices.first {
      return meaning + words(first)
    }
    if let least = kind["minimum"]?.int {
      let most = kind["maximum"]?.int
      return meaning
        + (most.map { "a number from \(least) to \($0)." } ?? "a number from \(least) on.")
    }
    return meaning + (kind["type"]?.string == "object" ? "a mapping of names." : "a value.")
  }

  /// The page of steps: its headings, paragraphs and tables.
  private static func reference(_ page: inout Roff) {
    var header: [String]?
    for line in StepReference.text.split(separator: "\n") {
      if line.hasPrefix("|") {
        let cells = line.dropFirst().dropLast().split(separator: "|")
          .map { $0.filter { $0 != "`" }.drop(while: { $0 == " " }) }
          .map { String($0).trimmedEnd }
        guard let titles = header else {
          header = cells
          continue
        }
        if !cells.allSatisfy({ $0.allSatisfy { $0 == "-" } }) { row(cells, titles, &page) }
        continue
      }
      header = nil
      if line.hasPrefix("### ") {
        page.subheading(String(line.dropFirst(4)))
      } else if line.hasPrefix("## ") {
        page.subheading(String(line.dropFirst(3)))
      } else if line.hasPrefix("# ") {
        page.heading(String(line.dropFirst(2)))
      } else {
        page.paragraph(String(line))
      }
    }
  }

  /// A row as a term, what it means (the last cell), and the cells between by their titles.
  private static func row(_ cells: [String], _ titles: [String], _ page: inout Roff) {
    guard let term = cells.first, let meaning = cells.dropFirst().last else { return }
    let between = zip(titles, cells).dropFirst().dropLast().map { title, cell in
      "\(title): \(cell)"
    }
    page.item(term, ([meaning] + between).joined(separator: "; ") + ".")
  }
}

extension String {
  /// Without the blanks at its end.
  fileprivate var trimmedEnd: String {
    var text = self
    while text.last == " " { text.removeLast() }
    return text
  }
}
