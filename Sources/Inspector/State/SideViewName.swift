/// What a view of the upper right pane is called.
///
/// Views stand in a table that the model does not know: a name is all it keeps.
public struct SideViewName: RawRepresentable, Sendable, Hashable {
  /// A word, as help and keys write it.
  public var rawValue: String

  /// A name.
  public init(rawValue: String) { self.rawValue = rawValue }

  /// A name.
  public init(_ name: String) { rawValue = name }

  /// The raw-gadget device as the driver and the controller see it.
  public static let gadget = SideViewName("gadget")
  /// Two versions of the driver, the steps so far played on both.
  public static let drivers = SideViewName("drivers")
  /// The same copy under every era.
  public static let eras = SideViewName("eras")
}
