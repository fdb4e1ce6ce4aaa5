import Grid

/// What the roles look like when a scheme does not say.
///
/// Colours are not taken from a scheme's own meanings (red and green are one colour to many eyes): the pair
/// for allowed and denied is the one of the scheme that is told apart best by every kind of vision, and every
/// role is checked against the background. What is too faint is drawn in the text colour with an attribute.
struct RolePlan {
  let palette: Palette
  /// The pair for allowed and denied copies.
  let allowed, denied: Slot
  private let accent, notice, second, third: Slot

  /// Contrast that text needs, and that marks, bytes and borders need (WCAG 2, AA).
  static let textContrast = 4.5
  static let markContrast = 3.0

  init(palette: Palette) {
    self.palette = palette
    let pair = RolePlan.pair(of: palette)
    (allowed, denied) = pair
    var rest = [0xA, 0xE, 0xC, 0xF, 0xB, 0x8, 0x9, 0xD].map { Slot($0) }
    rest.removeAll { $0 == pair.allowed || $0 == pair.denied }
    func take(_ wanted: [Int]) -> Slot {
      let readable = rest.filter {
        palette[$0].contrast(with: palette[.background]) >= RolePlan.markContrast
      }
      let order = wanted.map { Slot($0) }
      let found = order.first { readable.contains($0) } ?? readable.first ?? rest.first ?? .text
      rest.removeAll { $0 == found }
      return found
    }
    notice = take([0xA, 0xE])
    accent = take([0xE, 0xC, 0xB])
    second = take([0xC, 0xB, 0xF])
    third = take([0xF, 0x8, 0xB, 0xC])
  }

  /// The most distinct of {0B, 0C, 0D} × {08, 09, 0E}, those with enough contrast first.
  private static func pair(of palette: Palette) -> (allowed: Slot, denied: Slot) {
    var best: (allowed: Slot, denied: Slot) = (Slot(0xD), Slot(0x9))
    var bestScore = -1.0
    for first in [0xD, 0xC, 0xB] {
      for second in [0x9, 0x8, 0xE] {
        let (allowed, denied) = (palette[Slot(first)], palette[Slot(second)])
        let back = palette[.background]
        let contrast = min(allowed.contrast(with: back), denied.contrast(with: back))
        let distance = Vision.leastDistance(allowed, denied)
        let score = distance + (contrast >= markContrast ? 1000 : 0)
        if score > bestScore {
          bestScore = score
          best = (Slot(first), Slot(second))
        }
      }
    }
    return best
  }

  func style(for role: Role) -> Style {
    switch role {
    case .text, .value, .live: plain([])
    case .title, .heading, .key: plain(.bold)
    case .dim, .label, .address, .undecided, .disabled: muted
    case .border, .padding: rule
    case .free: faintest
    case .frame: mark(.muted, fallback: [])
    case .borderFocus, .accent: mark(accent, fallback: .bold)
    case .allowed: mark(allowed, fallback: .bold)
    case .enabled: mark(allowed, fallback: [])
    case .denied: mark(denied, fallback: .reverse)
    case .error: mark(denied, .bold, fallback: [.bold, .reverse])
    case .leaky: mark(notice, fallback: .underline)
    case .warning, .pending: mark(notice, fallback: .underline)
    case .fence: mark(accent, .bold, fallback: [.bold, .underline])
    case .walk, .changed: mark(accent, .bold, fallback: .bold)
    case .window: mark(second, .underline, fallback: .underline)
    case .user: mark(second, fallback: [])
    case .code: contrast(second) >= RolePlan.textContrast ? colour(second, []) : plain([])
    case .redZone, .poison: mark(third, fallback: .bold)
    case .metadata: mark(third, fallback: [])
    case .neighbour: mark(notice, fallback: [])
    case .selection: plain(.reverse)
    case .cursor: plain([.bold, .reverse])
    }
  }

  private func plain(_ attributes: Attributes) -> Style {
    colour(.text, attributes)
  }

  private func colour(_ slot: Slot, _ attributes: Attributes) -> Style {
    Style(
      foreground: .rgb(palette[slot]), background: .rgb(palette[.background]),
      attributes: attributes)
  }

  private func contrast(_ slot: Slot) -> Double {
    palette[slot].contrast(with: palette[.background])
  }

  private var muted: Style {
    colour(contrast(.muted) >= RolePlan.textContrast ? .muted : .text, [])
  }

  /// The faintest colour that signs can be read in from the last row: free bytes fill most of a slab.
  private var faintest: Style {
    let slots: [Slot] = [.faint, .muted]
    return colour(slots.first { contrast($0) >= RolePlan.textContrast } ?? .text, [])
  }

  private var rule: Style {
    let slots: [Slot] = [.faint, .muted]
    return colour(slots.first { contrast($0) >= RolePlan.markContrast } ?? .text, [])
  }

  private func mark(
    _ slot: Slot, _ attributes: Attributes = [], fallback: Attributes
  ) -> Style {
    contrast(slot) >= RolePlan.markContrast ? colour(slot, attributes) : plain(fallback)
  }
}
