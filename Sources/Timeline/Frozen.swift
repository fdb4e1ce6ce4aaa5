/// A large value behind one reference that nothing writes to.
///
/// Whoever reads a part of it copies that part alone; out of a ``Shared`` value, which may be written to meanwhile,
/// the whole has to be taken first.
public struct Frozen<Value: Sendable>: Sendable {
  @usableFromInline
  final class Box: Sendable {
    @usableFromInline let value: Value
    @inlinable init(_ value: Value) { self.value = value }
  }

  @usableFromInline let box: Box

  /// Takes the value.
  @inlinable
  public init(_ value: Value) { box = Box(value) }

  /// The value.
  @inlinable
  public var value: Value { _read { yield box.value } }
}
