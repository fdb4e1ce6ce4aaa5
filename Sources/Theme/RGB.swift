import Text

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// An sRGB colour of eight bits a channel.
public struct RGB: Hashable, Sendable, CustomStringConvertible {
  /// The channels, 0…255.
  public let red, green, blue: UInt8

  /// A colour of its channels.
  public init(red: UInt8, green: UInt8, blue: UInt8) {
    self.red = red
    self.green = green
    self.blue = blue
  }

  /// A colour of six hexadecimal digits (or three, each doubled), with or without `#`; nil for other text.
  public init?(hex text: some StringProtocol) {
    var digits = text.utf8.drop { $0 == UInt8(ascii: "#") }.map { byte -> UInt8? in
      Character(Unicode.Scalar(byte)).hexDigitValue.map(UInt8.init)
    }
    guard text.utf8.count - digits.count <= 1 else { return nil }
    if digits.count == 3 { digits = digits.flatMap { [$0, $0] } }
    let values = digits.compactMap { $0 }
    guard digits.count == 6, values.count == 6 else { return nil }
    self.init(
      red: values[0] << 4 | values[1], green: values[2] << 4 | values[3],
      blue: values[4] << 4 | values[5])
  }

  /// `#rrggbb`.
  public var description: String {
    "#" + [red, green, blue].hex
  }

  /// The relative luminance of WCAG 2, 0…1.
  public var luminance: Double {
    let light = linear
    return 0.2126 * light.0 + 0.7152 * light.1 + 0.0722 * light.2
  }

  /// The contrast ratio of WCAG 2, 1…21.
  public func contrast(with other: RGB) -> Double {
    let (first, second) = (luminance, other.luminance)
    return (max(first, second) + 0.05) / (min(first, second) + 0.05)
  }

  /// The channels as amounts of light, 0…1.
  var linear: (Double, Double, Double) {
    (RGB.light(red), RGB.light(green), RGB.light(blue))
  }

  private static func light(_ channel: UInt8) -> Double {
    let value = Double(channel) / 255
    return value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4)
  }
}
