#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A colour of CIE 1976 L*a*b* under D65.
public struct Lab: Hashable, Sendable {
  /// Lightness 0…100 and the two colour axes.
  public let l, a, b: Double

  /// A colour of its coordinates.
  public init(l: Double, a: Double, b: Double) {
    self.l = l
    self.a = a
    self.b = b
  }

  /// The coordinates of an sRGB colour.
  public init(_ colour: RGB) {
    self.init(linear: colour.linear)
  }

  init(linear light: (Double, Double, Double)) {
    let x = (0.4124564 * light.0 + 0.3575761 * light.1 + 0.1804375 * light.2) / 0.95047
    let y = 0.2126729 * light.0 + 0.7151522 * light.1 + 0.0721750 * light.2
    let z = (0.0193339 * light.0 + 0.1191920 * light.1 + 0.9503041 * light.2) / 1.08883
    let (fx, fy, fz) = (Lab.curve(x), Lab.curve(y), Lab.curve(z))
    self.init(l: 116 * fy - 16, a: 500 * (fx - fy), b: 200 * (fy - fz))
  }

  private static func curve(_ value: Double) -> Double {
    value > 216.0 / 24389 ? cbrt(value) : (24389.0 / 27 * value + 16) / 116
  }

  /// The distance of CIE 1976: Euclid's.
  public func distance76(to other: Lab) -> Double {
    let (dl, da, db) = (l - other.l, a - other.a, b - other.b)
    return (dl * dl + da * da + db * db).squareRoot()
  }

  /// The distance CIEDE2000 (Sharma, Wu, Dalal 2005, all weights 1): about 1 is just noticeable.
  public func distance(to other: Lab) -> Double {
    let meanChroma = (hypot(a, b) + hypot(other.a, other.b)) / 2
    let power = pow(meanChroma, 7)
    let stretch = 1.5 - 0.5 * (power / (power + pow(25, 7))).squareRoot()
    let (a1, a2) = (a * stretch, other.a * stretch)
    let (c1, c2) = (hypot(a1, b), hypot(a2, other.b))
    let (h1, h2) = (Lab.hue(a1, b), Lab.hue(a2, other.b))
    let isGrey = c1 * c2 == 0
    var turn = isGrey ? 0 : h2 - h1
    if turn > 180 { turn -= 360 } else if turn < -180 { turn += 360 }
    let deltaHue = 2 * (c1 * c2).squareRoot() * Lab.sine(turn / 2)
    var hue = h1 + h2
    if !isGrey {
      if abs(h1 - h2) > 180 { hue += hue < 360 ? 360 : -360 }
      hue /= 2
    }
    return Lab.combine(
      lightness: (l + other.l) / 2, chroma: (c1 + c2) / 2, hue: hue,
      deltas: (other.l - l, c2 - c1, deltaHue))
  }

  /// The weighted sum of the differences at the mean colour.
  private static func combine(
    lightness: Double, chroma: Double, hue: Double, deltas: (Double, Double, Double)
  ) -> Double {
    let t =
      1 - 0.17 * cosine(hue - 30) + 0.24 * cosine(2 * hue) + 0.32 * cosine(3 * hue + 6)
      - 0.20 * cosine(4 * hue - 63)
    let offset = (lightness - 50) * (lightness - 50)
    let sl = 1 + 0.015 * offset / (20 + offset).squareRoot()
    let sc = 1 + 0.045 * chroma
    let sh = 1 + 0.015 * chroma * t
    let power = pow(chroma, 7)
    let rc = 2 * (power / (power + pow(25, 7))).squareRoot()
    let bend = (hue - 275) / 25
    let rotation = -sine(60 * exp(-bend * bend)) * rc
    let (dl, dc, dh) = (deltas.0 / sl, deltas.1 / sc, deltas.2 / sh)
    return (dl * dl + dc * dc + dh * dh + rotation * dc * dh).squareRoot()
  }

  private static func hue(_ a: Double, _ b: Double) -> Double {
    if a == 0 && b == 0 { return 0 }
    let degrees = atan2(b, a) * 180 / .pi
    return degrees < 0 ? degrees + 360 : degrees
  }

  private static func cosine(_ degrees: Double) -> Double { cos(degrees * .pi / 180) }
  private static func sine(_ degrees: Double) -> Double { sin(degrees * .pi / 180) }
}
