import Grid
import Simulation
import Text

/// The words of a `:` line behind its subject: bare ones, and `key=value` pairs that are known.
struct LineFields {
  /// What the line is about, for errors: `ioctl EP0_WRITE`.
  let subject: String
  /// Words that are no pairs.
  let bare: [String]
  private let pairs: [String: String]

  /// Takes words apart. Keys must be known and stand once; at most `most` words are bare.
  init(_ words: some Sequence<String>, subject: String, keys: [String], most: Int = 0)
    throws(CommandLineError)
  {
    var pairs: [String: String] = [:]
    var bare: [String] = []
    for word in words {
      guard let equals = word.firstIndex(of: "=") else {
        bare.append(word)
        continue
      }
      let key = String(word[..<equals])
      guard keys.contains(key) else {
        throw CommandLineError(
          description: "'\(subject)' has no '\(key)='\(Self.known(key, keys))")
      }
      guard pairs.updateValue(String(word[equals...].dropFirst()), forKey: key) == nil else {
        throw CommandLineError(description: "'\(key)=' stands twice")
      }
    }
    guard bare.count <= most else {
      throw CommandLineError(
        description: "'\(bare[most])' is too much for '\(subject)'\(Self.known(nil, keys))")
    }
    (self.subject, self.bare, self.pairs) = (subject, bare, pairs)
  }

  /// `; did you mean …?` or the words there are.
  static func known(_ word: String?, _ words: [String]) -> String {
    if let word, let near = Nearest.word(to: word, among: words) {
      return "; did you mean '\(near)'?"
    }
    return words.isEmpty ? "" : "; there are \(words.joined(separator: ", "))"
  }

  /// The words of a line: blanks part them, but not inside quotation marks, which are dropped.
  static func words(of text: String) throws(CommandLineError) -> [String] {
    var words: [String] = []
    var word = ""
    var isWord = false
    var isQuoted = false
    for character in text {
      switch character {
      case "\"":
        isQuoted.toggle()
        isWord = true
      case " " where !isQuoted:
        if isWord { words.append(word) }
        (word, isWord) = ("", false)
      default:
        word.append(character)
        isWord = true
      }
    }
    guard !isQuoted else {
      throw CommandLineError(description: "the quotation has no closing quotation mark")
    }
    if isWord { words.append(word) }
    return words
  }

  func has(_ key: String) -> Bool { pairs[key] != nil }

  func text(_ key: String) -> String? { pairs[key] }

  func requiredText(_ key: String) throws(CommandLineError) -> String {
    guard let text = pairs[key], !text.isEmpty else {
      throw CommandLineError(description: "'\(subject)' needs '\(key)='")
    }
    return text
  }

  /// A number in decimal or hexadecimal within a range; nil when the key is not there.
  func number<Value: FixedWidthInteger>(_ key: String, _ range: ClosedRange<Value>)
    throws(CommandLineError) -> Value?
  {
    guard let text = pairs[key] else { return nil }
    return try Self.number(text, range, named: "\(key)=")
  }

  func number<Value: FixedWidthInteger & UnsignedInteger>(_ key: String)
    throws(CommandLineError) -> Value?
  {
    try number(key, Value.min...Value.max)
  }

  func requiredNumber<Value: FixedWidthInteger & UnsignedInteger>(_ key: String)
    throws(CommandLineError) -> Value
  {
    guard let value: Value = try number(key) else {
      throw CommandLineError(description: "'\(subject)' needs '\(key)='")
    }
    return value
  }

  /// The one bare word as a number.
  func onlyNumber<Value: FixedWidthInteger>(_ range: ClosedRange<Value>, _ what: String)
    throws(CommandLineError) -> Value
  {
    guard let text = bare.first else {
      throw CommandLineError(description: "something is missing: \(subject) \(what)")
    }
    return try Self.number(text, range, named: what)
  }

  static func number<Value: FixedWidthInteger>(
    _ text: String, _ range: ClosedRange<Value>, named name: String
  ) throws(CommandLineError) -> Value {
    let value =
      text.hasPrefix("0x") ? Value(text.dropFirst(2), radix: 16) : Value(text)
    guard let value, range.contains(value) else {
      throw CommandLineError(
        description: "'\(text)' for '\(name)' is no number from \(range.lowerBound) to "
          + "\(range.upperBound)")
    }
    return value
  }

  func flag(_ key: String, default value: Bool) throws(CommandLineError) -> Bool {
    switch pairs[key] {
    case nil: return value
    case "true", "yes": return true
    case "false", "no": return false
    case let text?:
      throw CommandLineError(description: "'\(text)' for '\(key)=' is neither true nor false")
    }
  }

  /// `data=120100` in hexadecimal or `text=hello`; nil when neither is there.
  func bytes() throws(CommandLineError) -> [UInt8]? {
    if let text = pairs["text"] { return Array(text.utf8) }
    return try hex("data")
  }

  /// Hexadecimal bytes; blanks inside quotation marks are allowed.
  func hex(_ key: String) throws(CommandLineError) -> [UInt8]? {
    guard let text = pairs[key] else { return nil }
    do throws(Hexadecimal.Problem) {
      return try Hexadecimal.bytes(text) { $0 == " " }
    } catch {
      throw CommandLineError(
        description: error == .halfByte
          ? "'\(key)=' ends in half a byte"
          : "'\(key)=' takes hexadecimal bytes, such as \(key)=12010002")
    }
  }
}
