public import Grid

/// One of the terminal's own 16 colours.
public enum ANSIColour: UInt8, CaseIterable, Hashable, Sendable {
  /// The eight colours of every terminal that has any.
  case black, red, green, yellow, blue, magenta, cyan, white
  /// The eight brighter ones.
  case brightBlack, brightRed, brightGreen, brightYellow
  /// The eight brighter ones.
  case brightBlue, brightMagenta, brightCyan, brightWhite

  /// The name theme files use: `blue`, `bright-blue`.
  public var name: String {
    let name = String(describing: self)
    guard name.hasPrefix("bright") else { return name }
    return "bright-" + name.dropFirst(6).lowercased()
  }

  /// What xterm shows for the colour unless told otherwise.
  public var usual: RGB { IndexedColours.table[Int(rawValue)] }
}

/// A colour of a style.
public enum Colour: Hashable, Sendable {
  /// A colour of its own.
  case rgb(RGB)
  /// One of the terminal's colours.
  case ansi(ANSIColour)

  /// The colour's value, for the terminal's own colours the usual one.
  public var rgb: RGB {
    switch self {
    case .rgb(let value): value
    case .ansi(let colour): colour.usual
    }
  }
}

/// How a role is drawn.
public struct Style: Hashable, Sendable {
  /// The colours; nil is the terminal's default.
  public var foreground, background: Colour?
  /// Attributes besides those of the cell.
  public var attributes: Attributes

  /// A style.
  public init(
    foreground: Colour? = nil, background: Colour? = nil, attributes: Attributes = []
  ) {
    self.foreground = foreground
    self.background = background
    self.attributes = attributes
  }
}
