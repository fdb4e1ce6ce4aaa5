import CNcurses
import Glibc
public import Theme

/// What a terminal can do.
public struct Capabilities: Hashable, Sendable {
  /// The name of its description, from TERM.
  public let name: String
  /// How many colours it shows; none when NO_COLOR is set.
  public let depth: ColourDepth
  /// Whether the locale is UTF-8; if not, screens are drawn in ASCII.
  public let isUTF8: Bool

  /// Reads the environment and the terminal's description.
  init(options: Options) throws(TerminalError) {
    guard let term = Terminal.environment("TERM"), !term.isEmpty else {
      throw .unsuitableTerminal(name: nil)
    }
    guard cn_describe(term) != 0, cn_string("cup") != nil else {
      throw .unsuitableTerminal(name: term)
    }
    let count = cn_number("colors")
    var depth: ColourDepth =
      count >= 256 ? .indexed256 : count >= 16 ? .ansi16 : count >= 8 ? .ansi8 : .none
    if depth == .indexed256, Capabilities.promisesTruecolor { depth = .truecolor }
    if let wanted = Terminal.environment("NO_COLOR"), !wanted.isEmpty { depth = .none }
    name = term
    self.depth = depth
    isUTF8 = cn_locale_is_utf8() != 0 && !options.isASCII
  }

  /// COLORTERM is what terminals set; the description may say it by RGB, or by the Tc of tmux.
  private static var promisesTruecolor: Bool {
    ["truecolor", "24bit"].contains(Terminal.environment("COLORTERM") ?? "")
      || cn_flag("RGB") != 0 || cn_flag("Tc") != 0
  }
}

/// How a screen is opened.
public struct Options: Hashable, Sendable {
  /// Whether the mouse is listened to; without it the terminal's own selection works.
  public var usesMouse: Bool
  /// Whether to draw in ASCII whatever the locale.
  public var isASCII: Bool

  /// Options.
  public init(usesMouse: Bool = true, isASCII: Bool = false) {
    self.usesMouse = usesMouse
    self.isASCII = isASCII
  }
}

/// Questions about the terminal that need no screen.
public enum Terminal {
  /// The size of the terminal on standard output, in columns and rows; nil when there is none.
  public static func size() -> (width: Int, height: Int)? {
    var columns: Int32 = 0
    var lines: Int32 = 0
    guard cn_size(STDOUT_FILENO, &columns, &lines) != 0 else { return nil }
    return (Int(columns), Int(lines))
  }

  /// Ends the program by a signal's default action, so that whoever started it sees how it ended. Call it
  /// after the screen has been closed.
  public static func die(of signal: Int32) -> Never {
    Rescue.die(of: signal)
  }

  static func environment(_ name: String) -> String? {
    getenv(name).map { String(cString: $0) }
  }
}
