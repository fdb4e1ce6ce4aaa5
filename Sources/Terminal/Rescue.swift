import CNcurses
import Glibc

/// The undoing of all that a screen does to the terminal, ready before it is done.
///
/// What signal handlers need is in static storage of the C header `rescue.h`, since a handler cannot be given
/// a context; this type is all that touches it.
struct Rescue {
  /// Private modes of the terminal that are switched on while the screen is open.
  private let modes: [String]

  /// Remembers the terminal's modes and starts to catch signals.
  init(usesMouse: Bool) throws(TerminalError) {
    guard cn_rescue_is_armed() == 0 else { throw .alreadyOpen }
    guard cn_rescue_remember() != 0 else { throw .system(operation: "tcgetattr", errno: errno) }
    guard cn_rescue_install() != 0 else { throw .system(operation: "pipe", errno: errno) }
    // Presses, releases, the wheel and movement with a button down, in SGR form; bracketed paste.
    modes = (usesMouse ? ["1000", "1002", "1006"] : []) + ["2004"]
  }

  /// Takes the terminal: from now on every way out puts it back.
  /// - Parameter again: whether curses, which takes it the first time, has to be stood in for.
  func enterRawMode(hasColours: Bool, again: Bool) {
    // 2026 is on while a long frame is written.
    let off = (["2026"] + modes.reversed()).joined(separator: ";")
    let undoing = ["rmkx", "smam", "sgr0", hasColours ? "op" : "", "cnorm", "rmcup"]
    let bytes = undoing.filter { !$0.isEmpty }.reduce(Array("\u{1B}[?\(off)l".utf8)) {
      $0 + Rescue.capability($1)
    }
    bytes.withUnsafeBytes { buffer in
      cn_rescue_arm(buffer.baseAddress, buffer.count)
    }
    let names = (again ? ["smcup", "smkx"] : []) + ["rmam", "civis"]
    let on = names.flatMap { Rescue.capability($0) }
    write(on + Array("\u{1B}[?\(modes.joined(separator: ";"))h".utf8))
  }

  /// Puts the terminal back.
  func restore() { cn_rescue_restore() }

  /// Restores the handlers that signals had before.
  func uninstall() { cn_rescue_release() }

  /// Writes bytes to the terminal.
  func write(_ bytes: [UInt8]) {
    bytes.withUnsafeBytes { buffer in
      cn_write_all(STDOUT_FILENO, buffer.baseAddress, buffer.count)
    }
  }

  /// The descriptor that tells of signals.
  var descriptor: Int32 { cn_rescue_pipe() }

  /// A signal that came.
  struct Caught {
    var number: Int32
    /// Whether the terminal sent it for a key.
    var isTyped: Bool

    var asksForTheEnd: Bool { [SIGTERM, SIGINT, SIGHUP, SIGQUIT].contains(number) }

    /// What a main loop is told of it, where it asks for the end.
    var input: Input { isTyped && number == SIGINT ? .interrupt : .end(signal: number) }
  }

  /// The signals that came since the last call.
  func signals() -> [Caught] {
    var bytes = [UInt8](repeating: 0, count: 128)
    let typed = UInt8(CN_RESCUE_TYPED)
    let count = read(descriptor, &bytes, bytes.count)
    return bytes.prefix(max(0, count)).map {
      Caught(number: Int32($0 & ~typed), isTyped: $0 & typed != 0)
    }
  }

  /// Whoever waits for input again has not ended, whatever was asked.
  func rearm() { cn_rescue_go_on() }

  /// Stops the program until it is continued.
  func stop() { cn_rescue_stop() }

  /// Ends the program by a signal's default action.
  static func die(of signal: Int32) -> Never {
    cn_rescue_die(signal)
    exit(128 + signal)
  }

  /// A capability's bytes, empty when the terminal lacks it.
  static func capability(_ name: String) -> [UInt8] {
    cn_string(name).map { undelayed(String(cString: $0)) } ?? []
  }

  /// A capability that takes a line and a column, from 0.
  static func capability(_ name: String, line: Int, column: Int) -> [UInt8] {
    guard let text = cn_string(name) else { return [] }
    guard let made = cn_move(text, Int32(clamping: line), Int32(clamping: column)) else {
      return []
    }
    return undelayed(String(cString: made))
  }

  /// Without the delays that old descriptions ask for (`$<5>`).
  private static func undelayed(_ text: String) -> [UInt8] {
    var rest = Array(text.utf8)[...]
    guard rest.contains(UInt8(ascii: "$")) else { return Array(rest) }
    var result: [UInt8] = []
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "$"), rest.first == UInt8(ascii: "<"),
        let end = rest.firstIndex(of: UInt8(ascii: ">"))
      {
        rest = rest[(end + 1)...]
      } else {
        result.append(byte)
      }
    }
    return result
  }
}
