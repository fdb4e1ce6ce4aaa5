/// What a statement about a report, a capture or a listing rests on.
public enum Basis: String, Sendable, Hashable, CaseIterable {
  /// The input says so.
  case known
  /// It follows from what the input says.
  case concluded
  /// The input does not tell; it is taken to be so, and may be otherwise.
  case assumed
}
