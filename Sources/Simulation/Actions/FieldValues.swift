/// What a field was given.
public enum FieldValue: Sendable, Equatable {
  case text(String)
  case number(UInt64)
  case signed(Int64)
  case truth(Bool)
  case place(Place)
  case bytes([UInt8])
  case locals([Action.Local])
  case structure(StructDeclaration)
  case texts([String])
  case numbers([UInt64])

  static func number(_ value: Int) -> FieldValue { .number(UInt64(clamping: value)) }
}

/// The fields an action was given, in the order they are written.
public struct FieldValues: Sendable, Equatable {
  /// A field with its value.
  public struct Pair: Sendable, Equatable {
    /// The field's name.
    public var name: String
    /// What it was given.
    public var value: FieldValue
  }

  /// The fields, in the order they are written.
  public private(set) var pairs: [Pair] = []

  /// No fields.
  public init() {}

  /// The value of a field without a key.
  public init(single value: FieldValue) { self[Self.single] = value }

  /// Those of the pairs that have a value.
  init(_ pairs: KeyValuePairs<String, FieldValue?>) {
    for (name, value) in pairs { self[name] = value }
  }

  /// The value of a field; a new one stands behind the others.
  public subscript(name: String) -> FieldValue? {
    get { pairs.first { $0.name == name }?.value }
    set {
      let index = pairs.firstIndex { $0.name == name }
      switch (index, newValue) {
      case (let index?, let value?): pairs[index].value = value
      case (let index?, nil): pairs.remove(at: index)
      case (nil, let value?): pairs.append(Pair(name: name, value: value))
      case (nil, nil): break
      }
    }
  }

  mutating func append(_ other: FieldValues) { pairs += other.pairs }

  /// The one value of a field without a key.
  public static let single = ""

  func has(_ name: String) -> Bool { self[name] != nil }

  func text(_ name: String) -> String? {
    if case .text(let text)? = self[name] { text } else { nil }
  }

  func number(_ name: String) -> UInt64? {
    if case .number(let number)? = self[name] { number } else { nil }
  }

  /// A number whose field's range fits the type.
  func number<Value: FixedWidthInteger>(_ name: String, as type: Value.Type) -> Value? {
    number(name).map { Value(clamping: $0) }
  }

  func numbers(_ name: String) -> [UInt64]? {
    if case .numbers(let numbers)? = self[name] { numbers } else { nil }
  }

  func signed(_ name: String) -> Int64? {
    if case .signed(let number)? = self[name] { number } else { nil }
  }

  func truth(_ name: String) -> Bool? {
    if case .truth(let truth)? = self[name] { truth } else { nil }
  }

  func place(_ name: String) -> Place? {
    if case .place(let place)? = self[name] { place } else { nil }
  }

  func structure(_ name: String) -> StructDeclaration? {
    if case .structure(let structure)? = self[name] { structure } else { nil }
  }

  func bytes(_ name: String) -> [UInt8]? {
    if case .bytes(let bytes)? = self[name] { bytes } else { nil }
  }

  /// A word of an enumeration.
  func word<Value: RawRepresentable>(_ name: String, as type: Value.Type) -> Value?
  where Value.RawValue == String {
    text(name).flatMap(Value.init(rawValue:))
  }

  func needed<Value>(_ name: String, _ value: Value?) throws(FieldProblem) -> Value {
    guard let value else { throw .missing(name) }
    return value
  }
}
