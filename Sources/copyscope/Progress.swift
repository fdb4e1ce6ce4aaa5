import Foundation

/// A bar on standard error while a large file is read; nothing unless that is a terminal.
final class Progress {
  /// Files from this size on are large, bytes.
  private static let large = 32 << 20

  private let total: Int
  private var done = 0
  private var shown = -1
  private let isShown: Bool

  init(_ path: String) {
    let attributes = try? FileManager.default.attributesOfItem(atPath: path)
    total = (attributes?[.size] as? Int) ?? 0
    isShown = isatty(STDERR_FILENO) == 1 && total > Self.large
    if isShown { Self.clearLineOnInterrupt() }
  }

  func advance(_ bytes: Int) {
    done += bytes
    guard isShown else { return }
    let percent = min(100, done * 100 / total)
    guard percent != shown else { return }
    shown = percent
    let bar = String(repeating: "#", count: percent / 4)
    let rest = String(repeating: ".", count: 25 - percent / 4)
    Output.complain("\r[\(bar)\(rest)] \(percent)% ")
  }

  /// Takes the bar away.
  func finish() {
    guard isShown else { return }
    Output.complain("\r\u{1B}[K")
    signal(SIGINT, SIG_DFL)
  }

  /// Leaves an empty line behind when C-c ends the program; it still ends by the signal.
  private static func clearLineOnInterrupt() {
    signal(SIGINT) { number in
      let clear: StaticString = "\r\u{1B}[K"
      _ = write(STDERR_FILENO, clear.utf8Start, clear.utf8CodeUnitCount)
      signal(number, SIG_DFL)
      raise(number)
    }
  }
}
