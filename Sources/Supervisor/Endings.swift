import CSupervisor
import Glibc

/// Signals that ask this program to end, held back so that what was done can still be written.
public final class Endings {
  private let descriptor = cs_catch_endings()

  public init() {}

  deinit { close(descriptor) }

  /// Waits until a program wants something or it is time to look at it; the signal that came meanwhile.
  public func wait(for attendant: Attendant) -> Int32? {
    var waits = (attendant.descriptors + [descriptor]).map {
      pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
    }
    _ = poll(&waits, nfds_t(waits.count), Int32(attendant.patience ?? 250))
    return taken()
  }

  /// The signal that has come, without waiting.
  public func taken() -> Int32? {
    var bytes = [UInt8](repeating: 0, count: 128)
    // struct signalfd_siginfo starts with the signal's number.
    guard read(descriptor, &bytes, bytes.count) == bytes.count else { return nil }
    return Int32(bytes[0])
  }
}
