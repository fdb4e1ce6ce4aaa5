import Grid
import Text

extension Theme {
  /// The names ``builtin(_:)`` knows: those of the files that come with the program, then `terminal` and `mono`.
  public static var builtinNames: [String] { files.map(\.name) + ["terminal", "mono"] }

  /// A theme that comes with the program.
  public static func builtin(_ name: some StringProtocol) throws(ThemeError) -> Theme {
    if name == "terminal" { return terminalDefault }
    if name == "mono" { return monochrome }
    guard let file = files.first(where: { $0.name == name }) else {
      throw .unknownTheme(
        name: String(name), suggestion: Nearest.word(to: name, among: builtinNames))
    }
    return try Theme(yaml: String(decoding: file.bytes(), as: UTF8.self), file: "\(name).yaml")
  }

  private static let files: [(name: String, bytes: @Sendable () -> [UInt8])] = [
    ("slate", { PackageResources.slate_yaml }), ("paper", { PackageResources.paper_yaml }),
    ("beacon", { PackageResources.beacon_yaml }), ("ink", { PackageResources.ink_yaml }),
  ]

  /// The terminal's own colours on its own background, which may be dark or light: the colours used have
  /// contrast on both as terminals usually define them.
  public static let terminalDefault = Theme(
    name: "terminal", author: "", variant: .dark, palette: nil
  ) { role in
    var style = Style(attributes: monochrome.style(for: role).attributes)
    switch role {
    case .allowed, .enabled: style = Style(foreground: .ansi(.brightBlue))
    case .denied: style = Style(foreground: .ansi(.brightRed), attributes: .bold)
    case .error: style = Style(foreground: .ansi(.brightRed), attributes: [.bold, .underline])
    case .leaky: style = Style(foreground: .ansi(.magenta))
    case .fence, .walk, .accent, .borderFocus, .changed:
      style = Style(foreground: .ansi(.magenta), attributes: .bold)
    case .window, .user, .code: style.foreground = .ansi(.cyan)
    case .warning, .pending, .neighbour: style.foreground = .ansi(.yellow)
    default: break
    }
    return style
  }

  /// No colours: what roles mean is told by glyphs and attributes alone, for NO_COLOR and terminals without
  /// colours.
  public static let monochrome = Theme(
    name: "mono", author: "", variant: .dark, palette: nil
  ) { role in
    switch role {
    // Reverse is what is denied or selected, a line below is what leaks; the rest is told by words.
    case .heading, .key, .borderFocus, .allowed, .accent, .walk, .changed, .window, .warning,
      .pending, .fence, .redZone:
      Style(attributes: .bold)
    case .title: Style(attributes: [.bold, .underline])
    case .denied, .selection: Style(attributes: .reverse)
    case .cursor, .error: Style(attributes: [.bold, .reverse])
    case .leaky: Style(attributes: .underline)
    default: Style()
    }
  }
}
