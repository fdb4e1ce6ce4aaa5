public import JSON
public import KernelLog

/// A sentence for people about an input, with what it rests on.
public struct Statement: Sendable, Equatable {
  /// What it rests on.
  public var basis: Basis
  /// The sentence.
  public var text: String

  /// Makes a statement.
  public init(_ basis: Basis, _ text: String) {
    self.basis = basis
    self.text = text
  }

  /// The sentence behind the word for what it rests on.
  public var line: String { "\(basis.rawValue): \(text)" }

  /// `{"basis": "concluded", "text": "…"}`.
  public var json: JSONValue {
    JSONValue([("basis", .string(basis.rawValue)), ("text", .string(text))])
  }
}
