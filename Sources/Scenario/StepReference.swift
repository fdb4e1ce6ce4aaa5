import RawGadget
import Simulation
import Text

/// Every step with its fields as a page of the documentation, printed from the table of actions.
public enum StepReference {
  /// The page, in Markdown.
  public static let text: String = {
    var lines = [
      "# Steps and their fields", "",
      "Each step of a scenario is one of these actions. A field that is left out holds what its line "
        + "says.",
      "On the `:` line of the inspector the same fields are typed as `field=value`.",
      "",
      "This page is printed from the table the program itself goes by.",
    ]
    for word in ActionWord.allCases {
      lines += ["", "## \(word.rawValue)", "", capitalized(word.help) + "."]
      lines += behind(word.shape)
      if word == .ioctl { lines += calls }
    }
    for word in HostWord.allCases {
      lines += ["", "### host: \(word.rawValue)"] + behind(word.shape)
    }
    return lines.joined(separator: "\n") + "\n"
  }()

  private static func behind(_ shape: FieldShape) -> [String] {
    switch shape {
    case .nothing: ["", "It has no fields: `{}`."]
    case .single(let field): ["", "Its value: \(field.help) (\(kind(field.kind)))."]
    case .fields(let fields): table(fields)
    case .host(let beside):
      [
        "",
        "One of " + HostWord.allCases.map { "`\($0.rawValue)`" }.joined(separator: ", ")
          + ", and beside it:",
      ] + table(beside)
    }
  }

  private static func table(_ fields: [Field]) -> [String] {
    ["", "| field | holds | left out | meaning |", "| --- | --- | --- | --- |"]
      + fields.map { field in
        let usual = field.isRequired ? "is an error" : field.usual.map { "`\($0)`" } ?? "–"
        return "| `\(field.name)` | \(kind(field.kind)) | \(usual) | \(field.help) |"
      }
  }

  /// Which fields the argument of a call takes.
  private static var calls: [String] {
    ["", "| request | fields of its argument |", "| --- | --- |"]
      + RawIoctl.allCases.map { request in
        let names = Action.Ioctl.argumentFields(of: .call(request)).map { "`\($0.name)`" }
        return "| `\(request.shortName)` | "
          + "\(names.isEmpty ? "`value`" : names.joined(separator: ", ")) |"
      }
  }

  private static func capitalized(_ text: String) -> String {
    text.prefix(1).uppercased() + text.dropFirst()
  }

  /// What a field holds, in a few words.
  static func kind(_ kind: FieldKind) -> String {
    switch kind {
    case .text: "text"
    case .name(let named): self.named(named)
    case .number(let range, _):
      range.upperBound == .max
        ? "a number" : "a number from \(range.lowerBound) to \(range.upperBound)"
    case .signed: "a number with a sign"
    case .truth: "`true` or `false`"
    case .word(let words): words.map { "`\($0)`" }.joined(separator: ", ")
    case .place: "a place in memory"
    case .era: "an era"
    case .request: "a call or its number"
    case .speed: SpeedName.all.map { "`\($0.name)`" }.joined(separator: ", ") + " or a number"
    case .content: "text as bytes"
    case .hex: "bytes in hexadecimal"
    case .locals(let most):
      "names with sizes, `{buf: 64}`, each at most \(most), or with "
        + list(StructureFields.local(most: most))
    case .members: "a list of members, each with " + list(StructureFields.member)
    case .structure: "a structure as C text or as `pahole` prints it"
    case .texts: "a list of names"
    case .numbers(let range):
      "numbers from \(range.lowerBound) to \(range.upperBound) and spans, such as `1-10, 13`"
    }
  }

  private static func list(_ fields: [Field]) -> String {
    fields.map { "`\($0.name)`" }.joined(separator: ", ")
  }

  private static func named(_ named: Named) -> String {
    switch named {
    case .fresh: "a new name"
    case .cache: "a cache"
    case .object: "something allocated"
    case .task: "a task"
    case .thread: "a thread"
    case .file: "an open file"
    }
  }
}
