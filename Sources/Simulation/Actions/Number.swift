/// Numbers as scenarios and the `:` line write them.
public enum Number {
  /// A number of 0 or more, decimal or hexadecimal; underlines may part its digits.
  public static func unsigned(_ text: String) -> UInt64? {
    let plain = text.filter { $0 != "_" }
    if plain.hasPrefix("0x") || plain.hasPrefix("0X") {
      return UInt64(plain.dropFirst(2), radix: 16)
    }
    return plain.hasPrefix("+") ? nil : UInt64(plain)
  }

  /// The same with a sign before it.
  public static func signed(_ text: String) -> Int64? {
    if text.hasPrefix("-") {
      guard let size = unsigned(String(text.dropFirst())), size <= 1 << 63 else { return nil }
      return size == 1 << 63 ? .min : -Int64(size)
    }
    return unsigned(text.hasPrefix("+") ? String(text.dropFirst()) : text)
      .flatMap(Int64.init(exactly:))
  }
}
