/// Names one root hub and the half of a dummy controller behind it: high speed and below, or super speed.
public struct RootHubID: Equatable, Hashable, Sendable {
  /// The controller's number.
  public var controller: Int
  /// True for the half of USB 3.
  public var isSuper: Bool

  /// The hub of one half of a controller.
  package init(controller: Int, isSuper: Bool) {
    self.controller = controller
    self.isSuper = isSuper
  }
}
