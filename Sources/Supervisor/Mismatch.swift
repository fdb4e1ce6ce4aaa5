/// A step that tells another number of bytes than the program was given.
public struct Mismatch: Sendable, Equatable {
  /// Bytes copied to the program, by the step.
  public var told: Int
  /// Bytes that arrived in its memory.
  public var given: Int
}
