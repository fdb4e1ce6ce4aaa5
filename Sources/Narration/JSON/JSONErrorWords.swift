public import JSON
import Text

extension JSONError.Reason {
  /// What is wrong, in words.
  public var words: String {
    switch self {
    case .unexpectedEnd: "the text ends too early"
    case .unexpectedByte(let byte):
      Unicode.Scalar(byte).isASCII && byte > 0x20 && byte < 0x7F
        ? "'\(Unicode.Scalar(byte))' cannot stand here"
        : "the byte 0x\(byte.hex()) cannot stand here"
    case .nestedTooDeeply: "nested too deeply"
    case .tooManyValues(let limit): "more than \(limit) values"
    case .badEscape: "an escape that JSON does not know"
    case .badNumber: "a number that JSON does not know"
    case .notUTF8: "no UTF-8 text"
    case .duplicateKey(let key): "the key '\(Printable.text(key))' stands twice in one object"
    }
  }
}
