/// A value a check compared or computed.
public enum TraceValue: Sendable, Hashable {
  case address(Address)
  case quantity(UInt64)
  case signed(Int64)
  case truth(Bool)
}

/// An argument of a traced call.
public struct TraceArgument: Sendable, Hashable {
  /// Its name.
  public var name: String
  /// What was handed over.
  public var value: TraceValue

  /// An argument from its parts.
  public init(_ name: String, _ value: TraceValue) {
    self.name = name
    self.value = value
  }
}

/// One step of the code that judged a copy, in the order the code took them.
public struct TraceStep: Sendable, Hashable {
  /// What the step did.
  public enum Kind: Sendable, Hashable {
    /// A condition as the source spells it, with the values compared and its truth.
    case check(String, lhs: TraceValue?, rhs: TraceValue?, result: Bool)
    /// A value computed; `truncatedFrom` when an upper half was lost.
    case assign(String, TraceValue, truncatedFrom: UInt64?)
    case call(String, [TraceArgument])
    case leave(TraceValue)
    /// A frame met for the second time: the walk never ends.
    case loop(Address)
    /// A failed assertion.
    case bug(String)
  }

  /// The function whose code this is.
  public var function: String
  /// What the step did.
  public var kind: Kind

  /// A step of a function's code.
  public init(_ function: String, _ kind: Kind) {
    self.function = function
    self.kind = kind
  }
}
