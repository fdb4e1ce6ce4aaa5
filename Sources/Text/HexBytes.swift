/// Bytes as scenarios, recordings and the `:` line write them: hexadecimal digits.
public enum Hexadecimal {
  /// Why a text is no bytes.
  public enum Problem: Error, Sendable {
    case noDigit
    /// The last byte has one digit.
    case halfByte
  }

  /// The bytes of a text, two digits each.
  ///
  /// - Parameters:
  ///   - text: digits and blanks.
  ///   - isBlank: what may stand anywhere between digits.
  public static func bytes(
    _ text: String, isBlank: (Unicode.Scalar) -> Bool = { _ in false }
  ) throws(Problem) -> [UInt8] {
    var bytes: [UInt8] = []
    var high: UInt8?
    for scalar in text.unicodeScalars where !isBlank(scalar) {
      guard scalar.isASCII, let digit = Character(scalar).hexDigitValue else { throw .noDigit }
      if let first = high {
        bytes.append(first << 4 | UInt8(digit))
        high = nil
      } else {
        high = UInt8(digit)
      }
    }
    guard high == nil else { throw .halfByte }
    return bytes
  }
}
