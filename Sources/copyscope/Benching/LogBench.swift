import Foundation
import KernelLog

/// Reports found in a log, against a search for one word, and the command that explains them.
struct LogBench {
  /// Size of the generated log.
  let megabytes: Int

  /// A report stands in every so many lines of the sparse log, and of the dense one.
  private static let (sparse, dense) = (1_000, 10)
  /// Bytes of the dense log.
  private static let denseBytes = 1 << 20

  func rows(_ measure: BenchRounds) throws -> [BenchRow] {
    [try scan(measure)] + (try explain(measure))
  }

  private func scan(_ measure: BenchRounds) throws -> BenchRow {
    let file = try TemporaryLog(every: Self.sparse, bytes: megabytes << 20)
    let name = "a report in \(Self.sparse) lines, \(megabytes) MB"
    let search = ["grep", "-c", "-a", "usercopy", file.path]
    guard (try? ChildTime.of(search)) != nil else {
      let own = try (0..<measure.count).map { _ in try BenchRounds.time { try scan(file) } }
      return BenchRow(.log, name, .milliseconds, own, lack: "there is no grep here")
    }
    let rounds = try measure.pairs {
      try BenchRounds.time { try scan(file) }
    } against: {
      try ChildTime.of(search)
    }
    return BenchRow(.log, name, .milliseconds, rounds, against: "grep -c usercopy")
  }

  private func scan(_ file: TemporaryLog) throws {
    var scanner = ReportScanner()
    try InputFile.chunks(of: file.path) { chunk in
      BenchRounds.keep(chunk.withUnsafeBytes { scanner.scan($0) })
    }
    BenchRounds.keep(scanner.finish())
  }

  private func explain(_ measure: BenchRounds) throws -> [BenchRow] {
    let file = try TemporaryLog(every: Self.dense, bytes: Self.denseBytes)
    return OutputFormat.allCases.map { format in
      let name = "explaining a report as \(format.rawValue), one in \(Self.dense) lines"
      let words = [ChildTime.program, "explain", file.path, "--format", format.rawValue]
      let times = try? (0..<measure.count).map { _ in
        try ChildTime.of(words) / Double(file.reports)
      }
      return BenchRow(
        .log, name, .microseconds, times ?? [],
        lack: times == nil ? "it cannot be run here" : "no other program explains reports")
    }
  }
}

/// A generated kernel log, away with its last user.
private final class TemporaryLog {
  let path = NSTemporaryDirectory() + "copyscope-bench-\(getpid())-\(UUID().uuidString).log"
  let reports: Int

  init(every lines: Int, bytes: Int) throws {
    let line =
      "[  123.456789] eth0: link becomes ready, 1000 Mbps full duplex, flow control off\n"
    let report =
      "[  124.000001] usercopy: Kernel memory exposure attempt detected from SLUB object "
      + "'kmalloc-64' (offset 56, size 150)!\n"
    let block = String(repeating: line, count: lines - 1) + report
    reports = max(1, bytes / block.utf8.count)
    try Output.save(String(repeating: block, count: reports), as: path)
  }

  deinit { unlink(path) }
}
