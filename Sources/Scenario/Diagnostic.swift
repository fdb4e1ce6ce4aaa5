/// What is wrong with a scenario file, where, and what to do about it.
public struct Diagnostic: Error, Sendable, Hashable, CustomStringConvertible {
  /// The file as the user named it.
  public var file: String
  /// 1-based; 0 when the whole file is meant.
  public var line: Int
  /// 1-based; 0 when the whole file is meant.
  public var column: Int
  /// What is wrong, in a sentence without its end.
  public var message: String
  /// A word the author may have meant.
  public var suggestion: String?

  /// A diagnostic at a place of a file.
  public init(
    file: String, line: Int, column: Int, message: String, suggestion: String? = nil
  ) {
    self.file = file
    self.line = line
    self.column = column
    self.message = message
    self.suggestion = suggestion
  }

  /// `file:line:column: message; did you mean 'word'?`
  public var description: String {
    let place = line > 0 ? "\(file):\(line):\(column)" : file
    return "\(place): \(message)" + (suggestion.map { "; did you mean '\($0)'?" } ?? "")
  }
}
