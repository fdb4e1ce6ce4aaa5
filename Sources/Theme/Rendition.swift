public import Grid

/// A style in the parameters of SGR sequences (ECMA-48, with the colours of xterm) at some depth.
public struct Rendition: Hashable, Sendable {
  /// The parameters that choose the colours: `31`, `38;5;208`, `38;2;255;135;0`; `39` and `49` for the
  /// terminal's own.
  public let foreground, background: String
  /// What else is switched on.
  public let attributes: Attributes

  /// What a terminal shows after a reset.
  public static let plain = Rendition(foreground: "39", background: "49", attributes: [])

  private init(foreground: String, background: String, attributes: Attributes) {
    self.foreground = foreground
    self.background = background
    self.attributes = attributes
  }

  /// A style's parameters.
  public init(_ style: Style, depth: ColourDepth) {
    attributes = style.attributes
    switch depth {
    case .none:
      (foreground, background) = ("39", "49")
    case .truecolor:
      foreground = Rendition.direct(style.foreground, base: 30)
      background = Rendition.direct(style.background, base: 40)
    case .ansi8, .ansi16, .indexed256:
      let indexed = IndexedStyle(style, depth: depth)
      foreground = Rendition.number(indexed.foreground, base: 30)
      background = Rendition.number(indexed.background, base: 40)
    }
  }

  /// The rendition with more attributes.
  public func adding(_ more: Attributes) -> Rendition {
    Rendition(
      foreground: foreground, background: background, attributes: attributes.union(more))
  }

  /// Whether a blank looks the same in both: equal backgrounds and no line or reversal.
  public func blankEquals(_ other: Rendition) -> Bool {
    background == other.background
      && attributes.union(other.attributes).isDisjoint(with: [.reverse, .underline])
  }

  /// The SGR sequence that changes `present` into this, the shorter of starting anew and of switching off what
  /// is too much; empty when they are equal.
  ///
  /// - Parameters:
  ///   - present: what the terminal draws with now.
  ///   - canSwitchOff: whether the terminal knows 22, 24 and 27; the oldest know 0 alone.
  public func sequence(after present: Rendition, canSwitchOff: Bool = true) -> String {
    if self == present { return "" }
    let anew = ["0"] + changes(from: .plain)
    let lost = present.attributes.subtracting(attributes)
    guard lost.isEmpty || canSwitchOff else { return Rendition.sequence(anew) }
    let off = Rendition.codes.filter { lost.contains($0.attribute) }.map(\.off)
    let short = Rendition.sequence(off + changes(from: present))
    let whole = self == .plain ? "\u{1B}[m" : Rendition.sequence(anew)
    return whole.utf8.count < short.utf8.count ? whole : short
  }

  private func changes(from present: Rendition) -> [String] {
    let more = attributes.subtracting(present.attributes)
    var parts = Rendition.codes.filter { more.contains($0.attribute) }.map(\.on)
    if foreground != present.foreground { parts.append(foreground) }
    if background != present.background { parts.append(background) }
    return parts
  }

  private static let codes: [(attribute: Attributes, on: String, off: String)] = [
    (.bold, "1", "22"), (.underline, "4", "24"), (.reverse, "7", "27"),
  ]

  private static func sequence(_ parts: [String]) -> String {
    "\u{1B}[" + parts.joined(separator: ";") + "m"
  }

  private static func direct(_ colour: Colour?, base: Int) -> String {
    switch colour {
    case nil: number(nil, base: base)
    case .ansi(let ansi): number(Int(ansi.rawValue), base: base)
    case .rgb(let rgb): "\(base + 8);2;\(rgb.red);\(rgb.green);\(rgb.blue)"
    }
  }

  private static func number(_ index: Int?, base: Int) -> String {
    switch index {
    case nil: String(base + 9)
    case .some(..<8): String(base + (index ?? 0))
    case .some(..<16): String(base + 52 + (index ?? 0))
    case .some(let index): "\(base + 8);5;\(index)"
    }
  }
}
