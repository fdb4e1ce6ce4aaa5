public import Grid

/// What every role looks like.
public struct Theme: Hashable, Sendable {
  /// Whether the background is dark or light.
  public enum Variant: String, Hashable, Sendable {
    /// Light text on a dark background, or the other way round.
    case dark, light
  }

  /// The theme's name.
  public let name: String
  /// Who made it, empty when unknown.
  public let author: String
  /// Dark or light.
  public let variant: Variant
  /// The scheme's colours; nil for themes that use the terminal's own.
  public let palette: Palette?
  private let styles: [Style]

  init(
    name: String, author: String, variant: Variant, palette: Palette?,
    styles: (Role) -> Style
  ) {
    self.name = name
    self.author = author
    self.variant = variant
    self.palette = palette
    self.styles = Role.allCases.map(styles)
  }

  /// How a role is drawn.
  public func style(for role: Role) -> Style {
    styles[Int(role.rawValue)]
  }

  /// How a cell is drawn: its role's style and its own attributes. Reverse twice is not plain again:
  /// a reversed role stays reversed.
  public func style(for cell: Cell) -> Style {
    var style = styles[Int(cell.role.rawValue)]
    style.attributes.formUnion(cell.attributes)
    return style
  }

  /// The colour behind everything; nil is the terminal's.
  public var background: Colour? { style(for: .text).background }
}
