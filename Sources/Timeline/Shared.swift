/// A large value behind one reference: copies share it until one of them is written to.
///
/// A world of two thousand bytes and a hundred references is handed about many times while one frame is
/// drawn; shared it costs one count each time.
public struct Shared<Value: Sendable>: Sendable {
  /// Written to only while nothing else refers to it, hence safe to send.
  @usableFromInline
  final class Box: @unchecked Sendable {
    @usableFromInline var value: Value
    @inlinable init(_ value: Value) { self.value = value }
  }

  @usableFromInline var box: Box

  /// Takes the value.
  @inlinable
  public init(_ value: Value) { box = Box(value) }

  /// The value; writing to it leaves copies of this one as they were.
  @inlinable
  public var value: Value {
    _read { yield box.value }
    _modify {
      if !isKnownUniquelyReferenced(&box) { box = Box(box.value) }
      yield &box.value
    }
  }
}
