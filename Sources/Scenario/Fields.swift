import Simulation
import Text
import Yams

/// The fields of one mapping of a scenario file: each must be known, and of its type.
struct Fields {
  /// Longest text a file may be, and so any part of it, bytes.
  static let longestText = 1 << 20

  let file: String
  /// What the mapping describes, for messages.
  let subject: String
  private let values: [String: Node]
  private let marks: [String: Mark]
  let mark: Mark?
  private let known: [String]

  /// Reads `node` as a mapping that may hold no other keys than `known`.
  init(_ node: Node, file: String, subject: String, known: [String]) throws(Diagnostic) {
    self.file = file
    self.subject = subject
    self.known = known
    mark = node.mark
    guard case .mapping(let mapping) = node else {
      let name = known.contains("as") ? node.scalar.map { ", such as { as: \($0.string) }" } : nil
      throw Self.diagnostic(
        file, node.mark,
        "\(subject) must be a mapping of fields\(name ?? ""), not \(node.kindName)")
    }
    var values: [String: Node] = [:]
    var marks: [String: Mark] = [:]
    for (keyNode, value) in mapping {
      guard let key = keyNode.string else {
        throw Self.diagnostic(file, keyNode.mark, "a field's name must be a word")
      }
      guard known.contains(key) else {
        throw Self.diagnostic(
          file, keyNode.mark, "unknown key '\(key)' in \(subject)",
          Nearest.word(to: key, among: known) ?? Self.prefix(key, among: known)
            ?? Self.meant(key, among: known), known: known)
      }
      guard values[key] == nil else {
        throw Self.diagnostic(file, keyNode.mark, "'\(key)' is given twice in \(subject)")
      }
      values[key] = value
      marks[key] = keyNode.mark ?? value.mark
    }
    self.values = values
    self.marks = marks
  }

  static func diagnostic(
    _ file: String, _ mark: Mark?, _ message: String, _ suggestion: String? = nil,
    known: [String] = []
  ) -> Diagnostic {
    let listed =
      suggestion == nil && !known.isEmpty
      ? "\(message); known: \(known.joined(separator: ", "))" : message
    return Diagnostic(
      file: file, line: mark?.line ?? 0, column: mark?.column ?? 0, message: listed,
      suggestion: suggestion)
  }

  /// Whether there may be such a key.
  func knows(_ key: String) -> Bool { known.contains(key) }

  func has(_ key: String) -> Bool { values[key] != nil }

  subscript(key: String) -> Node? { values[key] }

  /// Where the value of `key` stands, or the mapping itself.
  func place(_ key: String) -> Mark? { values[key]?.mark ?? marks[key] ?? mark }

  func fail(
    _ key: String, _ message: String, _ suggestion: String? = nil, known: [String] = []
  ) -> Diagnostic {
    Self.diagnostic(file, place(key), message, suggestion, known: known)
  }

  func required(_ key: String) throws(Diagnostic) -> Node {
    guard let node = values[key] else {
      throw Self.diagnostic(file, mark, "\(subject) needs '\(key)'")
    }
    return node
  }

  func string(_ key: String, limit: Int = 1 << 16) throws(Diagnostic) -> String? {
    guard let node = values[key] else { return nil }
    guard case .scalar(let scalar) = node else {
      throw fail(key, "'\(key)' must be text, not \(node.kindName)")
    }
    guard scalar.string.utf8.count <= limit else { throw fail(key, "'\(key)' is too long") }
    return scalar.string
  }

  func requiredString(_ key: String) throws(Diagnostic) -> String {
    _ = try required(key)
    return try string(key) ?? ""
  }

  func unsigned(_ key: String) throws(Diagnostic) -> UInt64? {
    guard let node = values[key] else { return nil }
    guard let text = node.scalar?.string, let number = Number.unsigned(text) else {
      throw fail(key, "'\(key)' must be a number of 0 or more, such as 64 or 0x40\(seen(node))")
    }
    return number
  }

  func requiredUnsigned(_ key: String) throws(Diagnostic) -> UInt64 {
    _ = try required(key)
    return try unsigned(key) ?? 0
  }

  func signed(_ key: String) throws(Diagnostic) -> Int64? {
    guard let node = values[key] else { return nil }
    guard let text = node.scalar?.string, let number = Number.signed(text) else {
      throw fail(key, "'\(key)' must be a whole number, such as 8 or -8\(seen(node))")
    }
    return number
  }

  func number(_ key: String, in range: ClosedRange<UInt64>) throws(Diagnostic) -> UInt64 {
    let number = try unsigned(key) ?? 0
    guard range.contains(number) else {
      throw fail(key, "'\(key)' must be from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  func int(_ key: String, in range: ClosedRange<Int>) throws(Diagnostic) -> Int? {
    guard let number = try signed(key) else { return nil }
    guard let value = Int(exactly: number), range.contains(value) else {
      throw fail(key, "'\(key)' must be from \(range.lowerBound) to \(range.upperBound)")
    }
    return value
  }

  func bool(_ key: String) throws(Diagnostic) -> Bool? {
    guard let node = values[key] else { return nil }
    switch node.scalar?.string.lowercased() {
    case "true", "yes", "on": return true
    case "false", "no", "off": return false
    default: throw fail(key, "'\(key)' must be true or false\(seen(node))")
    }
  }

  /// A value out of a fixed set, by its spelling.
  func choice<Value: RawRepresentable & CaseIterable>(_ key: String, of type: Value.Type)
    throws(Diagnostic) -> Value? where Value.RawValue == String
  {
    guard let text = try string(key) else { return nil }
    if let value = Value(rawValue: text) { return value }
    let known = Value.allCases.map(\.rawValue)
    throw fail(
      key, "'\(text)' is no \(key)", Nearest.word(to: text, among: known), known: known)
  }

  /// A list of words of a fixed set.
  func choices<Value: RawRepresentable & CaseIterable>(_ key: String, of type: Value.Type)
    throws(Diagnostic) -> [Value] where Value.RawValue == String
  {
    let known = Value.allCases.map(\.rawValue)
    return try texts(key).map { (text: String) throws(Diagnostic) -> Value in
      if let value = Value(rawValue: text) { return value }
      throw fail(
        key, "'\(text)' is no word of '\(key)'", Nearest.word(to: text, among: known), known: known)
    }
  }

  func list(_ key: String) throws(Diagnostic) -> [Node] {
    guard let node = values[key] else { return [] }
    guard case .sequence(let sequence) = node else {
      throw fail(key, "'\(key)' must be a list, not \(node.kindName)")
    }
    return Array(sequence)
  }

  /// A list of short texts.
  func texts(_ key: String) throws(Diagnostic) -> [String] {
    var texts: [String] = []
    for node in try list(key) {
      guard let text = node.scalar?.string, !text.isEmpty, text.utf8.count <= 1 << 12 else {
        throw Self.diagnostic(file, node.mark, "'\(key)' must be a list of short texts")
      }
      texts.append(text)
    }
    return texts
  }

  /// A candidate that starts like `word`.
  private static func prefix(_ word: String, among candidates: [String]) -> String? {
    word.count < 3 ? nil : candidates.first { $0.hasPrefix(word) || word.hasPrefix($0) }
  }

  /// The key that is meant by another name for it.
  private static func meant(_ word: String, among candidates: [String]) -> String? {
    let names = [
      "type": "attributes", "bytes": "data", "name": "as", "handle": "ep", "count": "length",
      "size": "length", "bmAttributes": "attributes", "wMaxPacketSize": "max-packet",
      "bEndpointAddress": "address", "hint": "hints", "question": "ask",
    ]
    return names[word].flatMap { candidates.contains($0) ? $0 : nil }
  }

  private func seen(_ node: Node) -> String {
    node.scalar.map { ", not '\($0.string.prefix(40))'" } ?? ", not \(node.kindName)"
  }
}

extension Node {
  var kindName: String {
    switch self {
    case .scalar(let scalar): scalar.string.isEmpty ? "nothing" : "a single value"
    case .mapping: "a mapping"
    case .sequence: "a list"
    case .alias: "an alias"
    }
  }
}
