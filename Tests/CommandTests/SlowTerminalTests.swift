import Foundation
import Testing

/// A terminal that takes nothing for a while.
@Suite struct SlowTerminalTests {
  /// A pair of terminals: what is written to one is read from the other.
  private struct Pair {
    let outside: Int32
    let name: String

    init() throws {
      outside = open("/dev/ptmx", O_RDWR | O_NOCTTY)
      var (number, isLocked) = (Int32(0), Int32(0))
      // TIOCSPTLCK and TIOCGPTN, what unlockpt() and ptsname() ask.
      guard outside >= 0, ioctl(outside, 0x4004_5431, &isLocked) == 0,
        ioctl(outside, 0x8004_5430, &number) == 0
      else { throw POSIXError(.ENXIO) }
      name = "/dev/pts/\(number)"
      var size = winsize(ws_row: 40, ws_col: 120, ws_xpixel: 0, ws_ypixel: 0)
      _ = ioctl(outside, UInt(TIOCSWINSZ), &size)
      _ = fcntl(outside, F_SETFL, O_NONBLOCK)
    }

    /// What has been written, until nothing comes for that long.
    func taken(within milliseconds: Int32) -> [UInt8] {
      var all: [UInt8] = []
      var buffer = [UInt8](repeating: 0, count: 1 << 16)
      var wait = pollfd(fd: outside, events: Int16(POLLIN), revents: 0)
      while poll(&wait, 1, milliseconds) > 0 {
        let count = read(outside, &buffer, buffer.count)
        guard count > 0 else { break }
        all += buffer[..<count]
      }
      return all
    }
  }

  /// However often it is asked to end meanwhile, the terminal is given back.
  @Test(arguments: [
    [SIGTERM, SIGTERM], [SIGTERM, SIGINT, SIGHUP], [SIGUSR1], [SIGTERM, SIGUSR1],
  ])
  func theTerminalIsGivenBack(_ signals: [Int32]) throws {
    let pair = try Pair()
    defer { close(pair.outside) }
    let inside = open(pair.name, O_RDWR | O_NOCTTY)
    defer { close(inside) }
    var before = termios()
    tcgetattr(inside, &before)
    let folder = try Folder()
    let child = try Program.spawn(
      [Program.path, "open", "past-the-end"],
      Program.environment.merging(["XDG_STATE_HOME": folder.path]) { $1 },
      [pair.name, pair.name, pair.name])
    #expect(String(decoding: pair.taken(within: 500), as: UTF8.self).contains("?1049h"))
    // Frames that nobody takes fill the terminal's buffer.
    for key in [UInt8](repeating: 0x6E, count: 7) + [0x67, 0x47, 0x67, 0x47] + Self.keys {
      _ = write(pair.outside, [key], 1)
      usleep(1_000)
    }
    for signal in signals {
      kill(child, signal)
      usleep(150_000)
    }
    let shown = String(decoding: pair.taken(within: 700), as: UTF8.self)
    let status = try #require(Program.wait(for: child, 10))
    #expect(status & 0x7F == signals.last ?? 0 || status & 0x7F == signals[0])
    #expect(shown.contains("?1049l") && shown.contains("1000l"))
    var after = termios()
    tcgetattr(inside, &after)
    #expect(after.c_lflag == before.c_lflag && after.c_oflag == before.c_oflag)
    #expect(after.c_iflag == before.c_iflag)
  }

  private static let keys = (0..<300).map { UInt8($0 % 2 == 0 ? 0x67 : 0x47) }
}
