public import Grid

/// How well a theme can be read and its colours be told apart.
public struct ThemeReport: Hashable, Sendable {
  /// The contrast of one role.
  public struct Contrast: Hashable, Sendable {
    /// The role.
    public let role: Role
    /// Its colours, as drawn (a reversed role has them exchanged).
    public let foreground, background: RGB
    /// The contrast ratio of WCAG 2, 1…21, and what the role needs.
    public let ratio, needed: Double
    /// Whether it has what it needs.
    public var isEnough: Bool { ratio >= needed }
  }

  /// How far apart two roles look.
  public struct Distinctness: Hashable, Sendable {
    /// The roles.
    public let first, second: Role
    /// CIEDE2000 distances for each kind of vision.
    public let distances: [Vision: Double]
    /// Whether an attribute tells them apart as well.
    public let hasAttribute: Bool
    /// The smallest of the distances.
    public var least: Double { distances.values.min() ?? 0 }
    /// Whether every kind of vision tells the colours apart clearly.
    public var isFar: Bool { least >= 20 }
    /// Whether every kind of vision tells them apart clearly, or an attribute does.
    public var isEnough: Bool { isFar || hasAttribute }
  }

  /// The theme's name.
  public let name: String
  /// One entry a role, in the roles' order; empty for themes of the terminal's own colours.
  public let contrasts: [Contrast]
  /// The pairs of roles that must not be mistaken for each other.
  public let pairs: [Distinctness]

  /// The figures of a theme.
  public init(_ theme: Theme) {
    name = theme.name
    guard let palette = theme.palette else {
      contrasts = []
      pairs = []
      return
    }
    let paper = palette[.background]
    let ink = palette[.text]
    contrasts = Role.allCases.map { role in
      let style = theme.style(for: role)
      let front = style.foreground?.rgb ?? ink
      let back = style.background?.rgb ?? paper
      let isReversed = style.attributes.contains(.reverse)
      return Contrast(
        role: role, foreground: isReversed ? back : front,
        background: isReversed ? front : back, ratio: front.contrast(with: back),
        needed: ThemeReport.needed(role))
    }
    let wanted: [(Role, Role)] = [(.allowed, .denied), (.allowed, .leaky), (.leaky, .denied)]
    pairs = wanted.map { first, second in
      let (one, other) = (theme.style(for: first), theme.style(for: second))
      let (left, right) = (one.foreground?.rgb ?? ink, other.foreground?.rgb ?? ink)
      return Distinctness(
        first: first, second: second,
        distances: Dictionary(
          uniqueKeysWithValues: Vision.allCases.map { ($0, $0.distance(left, right)) }),
        hasAttribute: one.attributes != other.attributes)
    }
  }

  /// Whether every contrast and every pair is enough.
  public var isEnough: Bool { contrasts.allSatisfy(\.isEnough) && pairs.allSatisfy(\.isEnough) }

  /// The contrast a role needs: 4.5 when its words are read, 3 for marks, bytes and borders (WCAG 2, AA).
  public static func needed(_ role: Role) -> Double {
    switch role {
    case .text, .dim, .title, .heading, .label, .key, .selection, .cursor, .address, .value, .code,
      .live, .disabled, .undecided, .free:
      RolePlan.textContrast
    default: RolePlan.markContrast
    }
  }
}
