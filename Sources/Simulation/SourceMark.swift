/// A place in a scenario file, 1-based.
public struct SourceMark: Sendable, Hashable {
  /// 1-based.
  public var line: Int
  /// 1-based.
  public var column: Int

  /// A place in a scenario file.
  public init(line: Int, column: Int) {
    self.line = line
    self.column = column
  }
}
