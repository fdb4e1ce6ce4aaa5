import JSON

/// The JSON Schema of scenario files, for editors that check YAML against one.
public enum ScenarioSchema {
  /// The schema (draft 2020-12), printed from the shapes the reader itself goes by.
  public static let text = text(of: ScenarioGrammar.scenario, titled: "copyscope scenario")

  /// The schema of one shape of file.
  static func text(of root: Shape, titled title: String) -> String {
    var members = ["\"$schema\": \"https://json-schema.org/draft/2020-12/schema\""]
    members.append("\"title\": \(JSONText.quoted(title))")
    members += shape(root, depth: 1)
    return object(members, depth: 0) + "\n"
  }

  private static func shape(_ shape: Shape, depth: Int) -> [String] {
    let properties = shape.fields.map {
      "\(JSONText.quoted($0.name)): "
        + described(kind($0.kind, depth: depth + 1), $0.help, depth: depth + 1)
    }
    var members = [
      "\"type\": \"object\"", "\"additionalProperties\": false",
      "\"properties\": \(object(properties, depth: depth))",
    ]
    if !shape.required.isEmpty { members.append("\"required\": \(list(shape.required))") }
    for (key, names) in [("oneOf", shape.oneOf), ("anyOf", shape.anyOf)] where !names.isEmpty {
      let choices = names.map { "{ \"required\": \(list([$0])) }" }
      members.append("\"\(key)\": [\(choices.joined(separator: ", "))]")
    }
    if !shape.rules.isEmpty {
      members.append("\"allOf\": [\(shape.rules.map(rule).joined(separator: ", "))]")
    }
    return members
  }

  /// A rule as a condition and what holds then.
  private static func rule(_ rule: Shape.Rule) -> String {
    var condition: [String] = []
    if let words = rule.words {
      condition.append(
        "\"properties\": { \(JSONText.quoted(rule.key)): { \"enum\": \(list(words)) } }")
    }
    if !rule.isUsual { condition.append("\"required\": \(list([rule.key]))") }
    if let unless = rule.unless {
      condition.append("\"not\": { \"required\": \(list([unless])) }")
    }
    var then: [String] = []
    if !rule.needs.isEmpty { then.append("\"required\": \(list(rule.needs))") }
    if !rule.needsOne.isEmpty { then.append("\"anyOf\": [\(required(rule.needsOne))]") }
    if !rule.bars.isEmpty { then.append("\"not\": { \"anyOf\": [\(required(rule.bars))] }") }
    if let (key, needs, bars) = rule.inside {
      var held = needs.isEmpty ? [] : ["\"required\": \(list(needs))"]
      if !bars.isEmpty { held.append("\"not\": { \"anyOf\": [\(required(bars))] }") }
      then.append(
        "\"properties\": { \(JSONText.quoted(key)): { \(held.joined(separator: ", ")) } }")
    }
    if let (key, allowed) = rule.numbers {
      let numbers = allowed.map(String.init).joined(separator: ", ")
      then.append("\"properties\": { \(JSONText.quoted(key)): { \"enum\": [\(numbers)] } }")
    }
    return "{ \"if\": { \(condition.joined(separator: ", ")) }, "
      + "\"then\": { \(then.joined(separator: ", ")) } }"
  }

  private static func required(_ keys: [String]) -> String {
    keys.map { "{ \"required\": \(list([$0])) }" }.joined(separator: ", ")
  }

  /// A kind with what it means as its first member.
  private static func described(_ text: String, _ help: String, depth: Int) -> String {
    guard !help.isEmpty else { return text }
    let member = "\"description\": \(JSONText.quoted(help))"
    let rest = text.dropFirst()
    if rest == "}" { return "{ \(member) }" }
    if rest.hasPrefix(" ") { return "{ \(member),\(rest)" }
    return "{\n" + String(repeating: "  ", count: depth + 1) + member + ",\(rest)"
  }

  private static func kind(_ kind: ValueKind, depth: Int) -> String {
    switch kind {
    case .text: "{ \"type\": [\"string\", \"number\", \"boolean\", \"null\"] }"
    case .unsigned: number("\"minimum\": 0", sign: "")
    case .signed: number("", sign: "[-+]?")
    case .range(let range):
      number("\"minimum\": \(range.lowerBound), \"maximum\": \(range.upperBound)", sign: "")
    case .numbers(let numbers):
      number("\"enum\": [\(numbers.map(String.init).joined(separator: ", "))]", sign: "")
    case .multiple(let number):
      self.number("\"minimum\": 0, \"multipleOf\": \(number)", sign: "")
    case .truth: "{ \"enum\": [true, false, \"yes\", \"no\", \"on\", \"off\"] }"
    case .word(let words): "{ \"enum\": \(list(words)) }"
    case .open(let words):
      "{ \"anyOf\": [{ \"enum\": \(list(words)) }, { \"type\": \(list(types(words))) }] }"
    case .list(let each):
      object(
        ["\"type\": \"array\"", "\"items\": \(self.kind(each, depth: depth + 1))"], depth: depth)
    case .count(let range, let each):
      object(
        [
          "\"type\": \"array\"", "\"minItems\": \(range.lowerBound)",
          "\"maxItems\": \(range.upperBound)",
          "\"items\": \(self.kind(each, depth: depth + 1))",
        ], depth: depth)
    case .form(let pattern):
      "{ \"anyOf\": [{ \"type\": \"string\", \"pattern\": \(JSONText.quoted(pattern)) }, "
        + "{ \"type\": [\"number\", \"null\"] }] }"
    case .names(let each):
      object(
        ["\"type\": \"object\"", "\"additionalProperties\": \(self.kind(each, depth: depth + 1))"],
        depth: depth)
    case .either(let kinds):
      object(
        [
          "\"anyOf\": ["
            + kinds.map { self.kind($0, depth: depth + 1) }.joined(separator: ", ") + "]"
        ], depth: depth)
    case .shape(let shape): object(self.shape(shape, depth: depth + 1), depth: depth)
    case .anything: "{}"
    }
  }

  /// What YAML makes of words: it has a value of its own for an unquoted `null`.
  private static func types(_ words: [String]) -> [String] {
    ["string", "number"] + (words.contains("null") ? ["null"] : [])
  }

  /// A number as YAML has it, or one only the reader takes, such as 1_000.
  private static func number(_ bounds: String, sign: String) -> String {
    let integer = bounds.isEmpty ? "\"type\": \"integer\"" : "\"type\": \"integer\", \(bounds)"
    let pattern = "^\(sign)(0[xX][0-9a-fA-F_]+|[0-9_]+)$"
    return
      "{ \"anyOf\": [{ \(integer) }, { \"type\": \"string\", \"pattern\": \(JSONText.quoted(pattern)) }] }"
  }

  private static func object(_ members: [String], depth: Int) -> String {
    let inner = String(repeating: "  ", count: depth + 1)
    let outer = String(repeating: "  ", count: depth)
    return "{\n" + members.map { inner + $0 }.joined(separator: ",\n") + "\n\(outer)}"
  }

  private static func list(_ words: [String]) -> String {
    "[\(words.map(JSONText.quoted).joined(separator: ", "))]"
  }
}
