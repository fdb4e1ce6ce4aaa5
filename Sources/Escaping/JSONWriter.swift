/// Writes JSON without any library: keys in the order they are given.
public struct JSONWriter: Sendable {
  /// What was written so far.
  public private(set) var text = ""
  private var needsComma = false

  /// An empty writer.
  public init() {}

  /// Starts an object.
  public mutating func openObject() { open("{") }
  /// Ends an object.
  public mutating func closeObject() { close("}") }
  /// Starts an array.
  public mutating func openArray() { open("[") }
  /// Ends an array.
  public mutating func closeArray() { close("]") }

  /// Writes a key of the object that is open.
  public mutating func key(_ name: String) {
    separate()
    text += JSONText.quoted(name) + ": "
    needsComma = false
  }

  /// Writes a text, or null.
  public mutating func value(_ value: String?) { raw(value.map(JSONText.quoted) ?? "null") }
  /// Writes a number, or null.
  public mutating func value(_ value: UInt64?) { raw(value.map { String($0) } ?? "null") }
  /// Writes a number, or null.
  public mutating func value(_ value: Int?) { raw(value.map { String($0) } ?? "null") }
  /// Writes true or false.
  public mutating func value(_ value: Bool) { raw(value ? "true" : "false") }

  private mutating func raw(_ token: String) {
    separate()
    text += token
    needsComma = true
  }

  private mutating func separate() { if needsComma { text += ", " } }

  private mutating func open(_ bracket: String) {
    separate()
    text += bracket
    needsComma = false
  }

  private mutating func close(_ bracket: String) {
    text += bracket
    needsComma = true
  }
}
