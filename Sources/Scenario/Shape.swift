/// What a value of a scenario file may be.
indirect enum ValueKind: Sendable {
  case text
  /// 0 or more, decimal or hexadecimal.
  case unsigned
  case signed
  case range(ClosedRange<Int>)
  /// One of these numbers.
  case numbers([Int])
  /// 0 or more, and a multiple.
  case multiple(of: Int)
  case truth
  /// One word out of a list.
  case word([String])
  /// One word out of a list is usual, but others may be right.
  case open([String])
  case list(ValueKind)
  /// A list of at least and at most so many.
  case count(ClosedRange<Int>, ValueKind)
  /// Text of that form, a regular expression.
  case form(String)
  case shape(Shape)
  /// Names with values of one kind.
  case names(ValueKind)
  /// One of several kinds.
  case either([ValueKind])
  case anything

  static func word<Value: RawRepresentable & CaseIterable>(_ type: Value.Type) -> ValueKind
  where Value.RawValue == String {
    .word(Value.allCases.map(\.rawValue))
  }
}

/// The fields of one mapping. The reader takes its list of known keys from here and the schema for
/// editors is printed from here, so neither can know a key the other does not.
struct Shape: Sendable {
  /// A key, what it may hold, and what it means.
  struct Entry: Sendable {
    var name: String
    var kind: ValueKind
    var help = ""
  }

  var fields: [Entry]
  /// Fields that must be there.
  var required: [String] = []
  /// Exactly one of these must be there.
  var oneOf: [String] = []
  /// At least one of these must be there.
  var anyOf: [String] = []
  /// What a key, or one of its words, asks of the keys beside it.
  var rules: [Rule] = []

  /// What holds of a mapping where a key is there.
  struct Rule: Sendable {
    var key: String
    /// Only where it has one of these words; nil for any value.
    var words: [String]?
    /// Where the key is left out as well: its usual value is among the words.
    var isUsual = false
    /// Not where this key is there.
    var unless: String?
    /// Keys that must be there then.
    var needs: [String] = []
    /// Keys of which one must be there then.
    var needsOne: [String] = []
    /// Keys that may not be there then.
    var bars: [String] = []
    /// What a mapping under another key must and may not hold then.
    var inside: (key: String, needs: [String], bars: [String])?
    /// What a key beside it may hold then.
    var numbers: (key: String, allowed: [UInt64])?
  }

  /// The keys the reader knows.
  var names: [String] { fields.map(\.name) }

  init(
    _ fields: KeyValuePairs<String, ValueKind>, required: [String] = [], oneOf: [String] = [],
    anyOf: [String] = []
  ) {
    self.fields = fields.map { Entry(name: $0.key, kind: $0.value) }
    self.required = required
    self.oneOf = oneOf
    self.anyOf = anyOf
  }
}
