import Yams

/// What a user always wants: `config.yaml` in the folder of copyscope's configuration. What the command line
/// says comes first.
public struct ConfigFile: Sendable, Hashable {
  /// A theme by name, or a base16 file.
  public var theme: String?
  /// Milliseconds a step takes when the story plays by itself.
  public var pace: Int?
  /// The era that judges where nothing names one: the calls of a real program.
  public var era: String?
  /// Columns and rows of pictures drawn without a terminal, such as `120x36`.
  public var size: String?
  /// Whether the mouse is taken.
  public var mouse: Bool?

  /// Nothing said.
  public init() {}

  /// Milliseconds a step may take.
  public static let paces = 100...60_000

  static let shape: Shape = {
    var shape = Shape([
      "theme": .text, "pace": .range(paces), "era": .word(ScenarioGrammar.eras),
      "size": .text, "mouse": .truth,
    ])
    let help = [
      "theme": "A theme by name, or a base16 file.",
      "pace": "Milliseconds a step takes when the story plays by itself.",
      "era": "The era that judges where nothing names one: the calls of a real program.",
      "size": "Columns and rows of pictures drawn without a terminal, such as 120x36.",
      "mouse": "Whether the mouse is taken.",
    ]
    for index in shape.fields.indices {
      shape.fields[index].help = help[shape.fields[index].name] ?? ""
    }
    return shape
  }()

  /// The JSON Schema (draft 2020-12) of the file.
  public static let schema = ScenarioSchema.text(of: shape, titled: "copyscope config.yaml")

  /// Reads the file's text.
  ///
  /// - Throws: where a field is unknown or its value cannot be used.
  public static func read(_ text: String, file: String) throws(Diagnostic) -> ConfigFile {
    guard text.utf8.count <= 1 << 16 else {
      throw Diagnostic(file: file, line: 0, column: 0, message: "too large for a configuration")
    }
    try AliasLimit.check(text, file: file)
    var config = ConfigFile()
    guard let root = try KeyFile.compose(text, file: file) else { return config }
    let fields = try Fields(root, file: file, subject: "the configuration", known: shape.names)
    config.theme = try fields.string("theme", limit: 4096)
    config.pace = try fields.int("pace", in: paces)
    config.mouse = try fields.bool("mouse")
    config.era = try fields.era()
    config.size = try fields.string("size", limit: 32)
    if let size = config.size, Self.dimensions(size) == nil {
      throw fields.fail("size", "'size' must be columns x rows, such as 120x36")
    }
    return config
  }

  /// Columns and rows of `120x36`; nil for anything else.
  public static func dimensions(_ text: String) -> (columns: Int, rows: Int)? {
    let parts = text.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
    guard parts.count == 2, let columns = parts[0], let rows = parts[1],
      (1...1000).contains(columns), (1...1000).contains(rows)
    else { return nil }
    return (columns, rows)
  }
}
