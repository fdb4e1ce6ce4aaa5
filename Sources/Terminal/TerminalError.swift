/// Why no screen can be opened.
public enum TerminalError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The stream (`standard input` or `standard output`) is a pipe, a file or closed.
  case notATerminal(stream: String)
  /// The terminal named by TERM is unknown or cannot place its cursor; nil when TERM is not set.
  case unsuitableTerminal(name: String?)
  /// A screen is open already; a process has one.
  case alreadyOpen
  /// The system refused something the screen needs, with its number.
  case system(operation: String, errno: Int32)

  /// One line for people: what is wrong and what to do.
  public var description: String {
    switch self {
    case .notATerminal(let stream):
      "\(stream) is not a terminal; the inspector needs one (run, explain and screen do not)"
    case .unsuitableTerminal(nil):
      "TERM is not set, so the terminal cannot be driven; set it, for example TERM=xterm-256color"
    case .unsuitableTerminal(let name?):
      "the terminal cannot be driven (TERM=\(name)); set TERM to what the terminal is, for example "
        + "TERM=xterm-256color"
    case .alreadyOpen: "a screen is open already"
    case .system(let operation, let errno): "\(operation) failed (error \(errno))"
    }
  }
}
