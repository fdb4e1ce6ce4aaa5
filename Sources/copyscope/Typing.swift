import Foundation
import Supervisor

/// Standard input on its way to a program's terminal.
final class Typing {
  /// Readable when there is more; nil at the end.
  private(set) var descriptor: Int32? = STDIN_FILENO
  /// What a terminal takes for the end (VEOF).
  private static let end: UInt8 = 4

  /// Hands on what there is, as much as the program's terminal takes.
  func pass(to program: Program) {
    program.type([])
    guard let descriptor, program.waitingInput == 0 else { return }
    var wait = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    guard poll(&wait, 1, 0) > 0 else { return }
    // A line of a terminal holds 4,095 bytes.
    var bytes = [UInt8](repeating: 0, count: 1024)
    let count = read(descriptor, &bytes, bytes.count)
    if count > 0 {
      program.type(Array(bytes[..<count]))
      endsLine = bytes[count - 1] == UInt8(ascii: "\n")
    } else if count == 0 || errno != EINTR && errno != EAGAIN {
      // Behind an unfinished line the first one only hands the line on.
      program.type(endsLine ? [Self.end] : [Self.end, Self.end])
      self.descriptor = nil
    }
  }

  private var endsLine = true
}
