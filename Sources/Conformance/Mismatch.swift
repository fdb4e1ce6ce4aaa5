/// One place where the simulation and a recorded vector disagree.
public struct Mismatch: Sendable, Equatable {
  /// Where in the vector, such as `expect.not_copied` or `steps[12].ret`.
  public var place: String
  /// What the vector says, as JSON.
  public var expected: String
  /// What the simulation did, as JSON.
  public var got: String

  /// What was compared, what was recorded and what came out.
  public init(place: String, expected: String, got: String) {
    self.place = place
    self.expected = expected
    self.got = got
  }
}
