import CNcurses
import Glibc

/// The undoing of all that a screen does to the terminal, ready before it is done.
///
/// What signal handlers need is in static storage of the C header `rescue.h`, since a handler cannot be given
/// a context; this type is all that touches it.
struct Rescue {
  /// Sequences switched on when the screen opens and off when it closes.
  let on: [UInt8]
  let off: [UInt8]

  /// Remembers the terminal's modes and starts to catch signals.
  init(usesMouse: Bool) throws(TerminalError) {
    guard cn_rescue_is_armed() == 0 else { throw .alreadyOpen }
    guard cn_rescue_remember() != 0 else { throw .system(operation: "tcgetattr", errno: errno) }
    guard cn_rescue_install() != 0 else { throw .system(operation: "pipe", errno: errno) }
    // Presses, releases, the wheel and movement with a button down, in SGR form; bracketed paste.
    let mouse = usesMouse ? ["1000", "1002", "1006"] : []
    let modes = mouse + ["2004"]
    on = Array("\u{1B}[?\(modes.joined(separator: ";"))h".utf8)
    off = Array("\u{1B}[?\(modes.reversed().joined(separator: ";"))l".utf8)
  }

  /// From now on every way out puts the terminal back.
  func arm(hasColours: Bool) {
    var bytes = off
    for name in ["rmkx", "sgr0", hasColours ? "op" : "", "cnorm", "rmcup"] where !name.isEmpty {
      bytes += Rescue.capability(name)
    }
    bytes.withUnsafeBytes { buffer in
      cn_rescue_arm(buffer.baseAddress, buffer.count)
    }
  }

  /// The screen has put the terminal back itself.
  func disarm() { cn_rescue_disarm() }

  /// Gives signals back to whoever had them.
  func release() { cn_rescue_release() }

  /// Writes bytes to the terminal.
  func write(_ bytes: [UInt8]) {
    bytes.withUnsafeBytes { buffer in
      cn_write_all(STDOUT_FILENO, buffer.baseAddress, buffer.count)
    }
  }

  /// The descriptor that tells of signals.
  var descriptor: Int32 { cn_rescue_pipe() }

  /// The signals that came since the last call.
  func signals() -> [Int32] {
    var bytes = [UInt8](repeating: 0, count: 128)
    let count = read(descriptor, &bytes, bytes.count)
    return count > 0 ? bytes.prefix(count).map(Int32.init) : []
  }

  /// Stops the program until it is continued.
  func stop() { cn_rescue_stop() }

  /// A capability's bytes without the delays that old descriptions ask for (`$<5>`).
  private static func capability(_ name: String) -> [UInt8] {
    guard let text = cn_string(name) else { return [] }
    var result: [UInt8] = []
    var rest = Array(String(cString: text).utf8)[...]
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
