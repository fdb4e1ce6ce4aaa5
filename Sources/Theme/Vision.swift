/// A kind of colour vision; the simulations are those of Machado, Oliveira and Fernandes 2009 at severity 1.
public enum Vision: CaseIterable, Hashable, Sendable {
  /// All three kinds of cones.
  case normal
  /// Without the cones for long, middle and short waves.
  case protan, deutan, tritan

  private var matrix: [Double] {
    switch self {
    case .normal: [1, 0, 0, 0, 1, 0, 0, 0, 1]
    case .protan:
      [
        0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116,
        1.051998,
      ]
    case .deutan:
      [
        0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.011820, 0.042940,
        0.968881,
      ]
    case .tritan:
      [
        1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367,
        0.303900,
      ]
    }
  }

  /// A colour as this vision sees it.
  public func seen(_ colour: RGB) -> Lab {
    let light = colour.linear
    let m = matrix
    func row(_ start: Int) -> Double {
      let sum = m[start] * light.0 + m[start + 1] * light.1 + m[start + 2] * light.2
      return min(max(sum, 0), 1)
    }
    return Lab(linear: (row(0), row(3), row(6)))
  }

  /// How far apart two colours look, in CIEDE2000; 20 and more is clearly different.
  public func distance(_ first: RGB, _ second: RGB) -> Double {
    seen(first).distance(to: seen(second))
  }

  /// The smallest distance over all kinds of vision.
  public static func leastDistance(_ first: RGB, _ second: RGB) -> Double {
    allCases.reduce(.infinity) { min($0, $1.distance(first, second)) }
  }
}
