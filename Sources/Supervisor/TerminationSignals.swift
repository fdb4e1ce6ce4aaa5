import CSupervisor
import Glibc

/// Signals that ask this program to end, held back so that what was done can still be written.
public final class TerminationSignals {
  /// Readable when one has come.
  public let descriptor = cs_catch_endings()

  /// Catches the signals from now on.
  public init() {}

  deinit { close(descriptor) }

  /// The signal that has come, without waiting.
  public func taken() -> Int32? {
    var bytes = [UInt8](repeating: 0, count: 128)
    // struct signalfd_siginfo starts with the signal's number.
    guard read(descriptor, &bytes, bytes.count) == bytes.count else { return nil }
    return Int32(bytes[0])
  }
}
