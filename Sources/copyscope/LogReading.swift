import Foundation
import KernelLog

/// Where `explain` reads from: a report's line itself, a log, a folder of them, or a log that is still being written.
struct LogReading {
  let file: String
  /// The log goes on: what is there is told when nothing comes for a while.
  let isLive: Bool

  /// Hands on each finding as it is settled, so that a log of any length takes constant memory; of a folder with the file
  /// it is in.
  ///
  /// - Returns: what could not be read. All that could was handed on.
  func each(_ body: (LogFinding, String?) throws -> Void) throws -> BadInput? {
    // A report's line given as the argument itself is no file's name.
    if file.contains(" "), InputFile.type(of: file) == nil {
      var scanner = ReportScanner()
      for found in scanner.scan(Array(file.utf8)) + scanner.finish() { try body(found, nil) }
      return nil
    }
    if isLive { return try follow { try body($0, nil) } }
    guard InputFile.type(of: file) == .typeDirectory else {
      return try findings(of: file) { try body($0, nil) }
    }
    var unread = 0
    let paths = try InputFile.files(in: file)
    for path in paths {
      if let trouble = try findings(of: path, { try body($0, path) }) {
        unread += 1
        Output.complain("copyscope: \(BadInputWords.line(trouble))\n")
      }
    }
    guard unread > 0 else { return nil }
    return BadInput.file(file, .someUnread(unread, of: paths.count))
  }

  private func findings(
    of file: String, _ body: (LogFinding) throws -> Void
  ) throws -> BadInput? {
    var scanner = ReportScanner()
    let progress = Progress(file)
    var trouble: BadInput?
    do {
      try PackedFile.chunks(of: file) { chunk in
        for found in chunk.withUnsafeBytes({ scanner.scan($0) }) { try body(found) }
        progress.advance(chunk.count)
      }
    } catch let error as BadInput { trouble = error }
    progress.finish()
    for found in scanner.finish() { try body(found) }
    return trouble
  }

  private func follow(_ body: (LogFinding) throws -> Void) throws -> BadInput? {
    var scanner = ReportScanner()
    try LiveInput(file).each { news in
      let found =
        switch news {
        case .bytes(let chunk): chunk.withUnsafeBytes { scanner.scan($0) }
        case .silence: scanner.pause()
        }
      for finding in found { try body(finding) }
    }
    for finding in scanner.finish() { try body(finding) }
    return nil
  }
}
