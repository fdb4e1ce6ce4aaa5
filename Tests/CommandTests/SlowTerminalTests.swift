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
    for _ in 0..<20 {
      if try isGivenBackInTime(signals) { return }
    }
    Issue.record("a terminal is waited for a second; the machine never came to it within that")
  }

  /// False when the terminal took bytes again later than it is waited for: what came says nothing then.
  private func isGivenBackInTime(_ signals: [Int32]) throws -> Bool {
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
    try fill(pair)
    let start = ContinuousClock.now
    send(signals, to: child)
    var shown = pair.taken(within: 0)
    // The program, too, must come to it within its second, however busy the machine is.
    let isInTime = start.duration(to: .now) < .milliseconds(600)
    let status = try #require(ended(child, pair, &shown))
    // Which of them ended it depends on when each came.
    #expect(signals.contains(status & 0x7F))
    let text = String(decoding: shown, as: UTF8.self)
    if isInTime { #expect(text.contains("?1049l") && text.contains("1000l")) }
    var after = termios()
    tcgetattr(inside, &after)
    #expect(after.c_lflag == before.c_lflag && after.c_oflag == before.c_oflag)
    #expect(after.c_iflag == before.c_iflag)
    return isInTime
  }

  /// How a program ended whose terminal takes everything meanwhile.
  private func ended(_ child: pid_t, _ pair: Pair, _ shown: inout [UInt8]) -> Int32? {
    for _ in 0..<600 {
      let status = Program.wait(for: child, 0.01)
      shown += pair.taken(within: 100)
      if status != nil { return status }
    }
    return nil
  }

  /// A shell shares the terminal's file with what it starts: it must not find it changed.
  @Test func theTerminalStillWaits() throws {
    let pair = try Pair()
    defer { close(pair.outside) }
    let folder = try Folder()
    let (process, flags) = (folder.path("process"), folder.path("flags"))
    let shell = try Program.spawn(
      [
        "/bin/bash", "-c",
        "exec 3<>\(pair.name); $COPYSCOPE open past-the-end <&3 >&3 2>&3 & "
          + "echo $! > \(process); wait; grep flags: /proc/$$/fdinfo/3 > \(flags)",
      ],
      Program.environment.merging(["XDG_STATE_HOME": folder.path]) { $1 },
      ["/dev/null", "/dev/null", "/dev/null"])
    try fill(pair)
    let text = try String(contentsOfFile: process, encoding: .utf8)
    let child = try #require(Int32(text.split(separator: "\n").first ?? ""))
    // The third comes while the second's way out waits for the terminal.
    send([SIGTERM, SIGTERM, SIGUSR1], to: child)
    var shown: [UInt8] = []
    #expect(ended(shell, pair, &shown) != nil)
    let told = try String(contentsOfFile: flags, encoding: .utf8).split(separator: "\t").last
    let found = try #require(Int32((told ?? "").prefix { $0.isNumber }, radix: 8))
    #expect(found & O_NONBLOCK == 0)
  }

  /// Frames that nobody takes fill the terminal's buffer.
  private func fill(_ pair: Pair) throws {
    var shown: [UInt8] = []
    for _ in 0..<300 where !String(decoding: shown, as: UTF8.self).contains("?1049h") {
      shown += pair.taken(within: 200)
    }
    #expect(String(decoding: shown, as: UTF8.self).contains("?1049h"))
    let steps = [UInt8](repeating: 0x6E, count: 7)
    for key in steps + (0..<300).map({ UInt8($0 % 2 == 0 ? 0x67 : 0x47) }) {
      _ = write(pair.outside, [key], 1)
      usleep(1_000)
    }
  }

  private func send(_ signals: [Int32], to child: pid_t) {
    for signal in signals {
      kill(child, signal)
      usleep(150_000)
    }
  }
}
