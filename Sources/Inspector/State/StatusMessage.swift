public import Grid

/// A word at the bottom of the screen.
public struct StatusMessage: Sendable, Hashable {
  public var text: String
  public var role: Role

  public init(_ text: String, _ role: Role = .accent) {
    self.text = text
    self.role = role
  }
}
