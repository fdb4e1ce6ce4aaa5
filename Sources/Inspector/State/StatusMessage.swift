public import Grid

/// A word at the bottom of the screen.
public struct StatusMessage: Sendable, Hashable {
  /// What is said, one line.
  public var text: String
  /// What it means, for its colour.
  public var role: Role

  /// A word to the reader.
  public init(_ text: String, _ role: Role = .accent) {
    self.text = text
    self.role = role
  }
}
