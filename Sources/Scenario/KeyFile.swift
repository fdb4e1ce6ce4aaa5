import Yams

/// Keys given to commands by the user: a mapping of command to keys, `next: "n Space"`.
public enum KeyFile {
  /// One line of the file.
  public struct Entry: Sendable, Hashable {
    /// The command the keys are bound to.
    public var command: String
    /// Keys parted by blanks, not yet understood.
    public var keys: String
    /// Where the keys stand, 1-based.
    public var line: Int
    /// Where the binding stands, 1-based.
    public var column: Int
  }

  /// Reads the file's text. Commands not among `commands` and values that are no text are errors.
  public static func read(
    _ text: String, file: String, commands: [String]
  ) throws(Diagnostic) -> [Entry] {
    guard text.utf8.count <= 1 << 16 else {
      throw Diagnostic(
        file: file, line: 0, column: 0, message: "too large for a file of keys")
    }
    try AliasLimit.check(text, file: file)
    guard let root = try compose(text, file: file) else { return [] }
    let fields = try Fields(root, file: file, subject: "the keys", known: commands)
    var entries: [Entry] = []
    for command in commands {
      guard let keys = try fields.string(command) else { continue }
      let mark = fields.place(command)
      entries.append(
        Entry(
          command: command, keys: keys, line: mark?.line ?? 0, column: mark?.column ?? 0))
    }
    return entries
  }

  static func compose(_ text: String, file: String) throws(Diagnostic) -> Node? {
    do { return try Yams.compose(yaml: text, .basic) } catch let error as YamlError {
      throw ScenarioReader.diagnostic(error, file: file)
    } catch {
      throw Diagnostic(file: file, line: 0, column: 0, message: "is not valid YAML: \(error)")
    }
  }
}
